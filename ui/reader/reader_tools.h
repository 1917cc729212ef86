// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The row above the pages: back, forward, page number, zoom.
#pragma once

#include <QtWidgets/QFrame>

class QLabel;
class QLineEdit;
class QToolButton;

namespace lectern {

class Theme;

class ReaderTools : public QFrame {
    Q_OBJECT
public:
    explicit ReaderTools(const Theme& theme, QWidget* parent = nullptr);

    void showPage(int page, const QString& label, int pages);
    void showZoom(int percent, bool fitsWidth);
    void showHistory(bool back, bool forward);
    void focusPage();

signals:
    void backRequested();
    void forwardRequested();
    void pageTyped(const QString& text);
    void zoomInRequested();
    void zoomOutRequested();
    void fitWidthRequested();

private:
    QToolButton *m_back, *m_forward, *m_zoomIn, *m_zoomOut, *m_fit;
    QLineEdit* m_page;
    QLabel *m_of, *m_zoom;
};

} // namespace lectern
