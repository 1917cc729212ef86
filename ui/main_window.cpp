// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/main_window.h"

#include <QtCore/QFileInfo>
#include <QtCore/QMimeData>
#include <QtCore/QUrl>
#include <QtGui/QCloseEvent>
#include <QtGui/QDesktopServices>
#include <QtGui/QDropEvent>
#include <QtWidgets/QApplication>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStatusBar>
#include <QtWidgets/QTextEdit>
#include <QtWidgets/QVBoxLayout>

#include "app/services/ask_service.h"
#include "app/services/library_service.h"
#include "app/services/model_service.h"
#include "app/services/page_service.h"
#include "ui/library/import_report.h"
#include "ui/library/library_model.h"
#include "ui/library/library_pane.h"
#include "ui/reader/page_view.h"
#include "ui/reader/reader_pane.h"
#include "ui/talk/talk_pane.h"
#include "ui/theme/keyboard_focus.h"
#include "ui/theme/message_bar.h"
#include "ui/theme/theme.h"
#include "ui/translations/translations.h"
#include "ui/window/drop_hint.h"
#include "ui/window/menus.h"
#include "ui/window/pane_tabs.h"
#include "ui/window/status_line.h"

namespace lectern {

namespace {
constexpr QSize kLeast(720, 520);
constexpr int kNarrow = 1000; ///< below this width the panes become tabs
constexpr int kWide = 1900;   ///< from here on the outer panes start wider

QStringList localPaths(const QMimeData* data) {
    QStringList paths;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile()) paths << url.toLocalFile();
    return paths;
}
} // namespace

MainWindow::MainWindow(Theme& theme, LibraryService& library, PageService& pages, AskService& asking,
                       ModelService& model, QWidget* parent)
    : QMainWindow(parent), m_theme(theme), m_library(library), m_model(model) {
    installEnglishPlurals();
    setWindowTitle(tr("Lectern"));
    setWindowIcon(theme.applicationIcon());
    setMinimumSize(kLeast);
    setAcceptDrops(true);
    qApp->installEventFilter(new KeyboardFocus(this));

    m_libraryPane = new LibraryPane(theme, library, this);
    m_reader = new ReaderPane(theme, pages, this);
    m_talk = new TalkPane(theme, asking, model, this);
    m_report = new ImportReport(theme, this);
    m_message = new MessageBar(theme, this);
    m_paneTabs = new PaneTabs(theme, this);
    m_status = new StatusLine(theme, this);
    m_dropHint = new DropHint(theme, this);
    setStatusBar(m_status);
    layOut();
    connectLibrary();
    connectPanes();
    makeMenus();
    connect(&model, &ModelService::modelChanged, m_status, &StatusLine::showModel);
    m_status->showModel(model.model());
    if (!theme.problem().isEmpty()) m_message->showMessage(QStringLiteral("warning"), theme.problem());
    refreshDocuments();
    resize(1280, 800);
    if (library.documents().isEmpty())
        m_reader->focusPages();
    else
        m_talk->focusComposer();
}

void MainWindow::layOut() {
    auto* middle = new QWidget(this);
    middle->setObjectName(QStringLiteral("middle"));
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* bar = new QVBoxLayout;
    bar->setContentsMargins(12, 0, 12, 0);
    bar->addWidget(m_message);
    column->addLayout(bar);
    column->addWidget(m_reader, 1);
    column->addWidget(m_report);
    m_splitter = new QSplitter(this);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_libraryPane);
    m_splitter->addWidget(middle);
    m_splitter->addWidget(m_talk);
    m_splitter->setStretchFactor(1, 1);
    auto* all = new QWidget(this);
    auto* layout = new QVBoxLayout(all);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_paneTabs);
    layout->addWidget(m_splitter, 1);
    setCentralWidget(all);
    connect(m_paneTabs, &PaneTabs::chosen, this, &MainWindow::showPane);
}

void MainWindow::connectLibrary() {
    connect(m_libraryPane, &LibraryPane::addFilesRequested, this, &MainWindow::addFiles);
    connect(m_libraryPane, &LibraryPane::addFolderRequested, this, &MainWindow::addFolder);
    connect(m_reader, &ReaderPane::addFilesRequested, this, &MainWindow::addFiles);
    connect(m_reader, &ReaderPane::addFolderRequested, this, &MainWindow::addFolder);
    connect(m_libraryPane, &LibraryPane::openRequested, this, &MainWindow::openDocument);
    connect(m_libraryPane, &LibraryPane::removeRequested, this, &MainWindow::askToRemove);
    connect(m_libraryPane, &LibraryPane::folderRequested, this, [](const QString& path) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath()));
    });
    connect(m_libraryPane, &LibraryPane::documentsChanged, this, &MainWindow::refreshDocuments);
    connect(m_libraryPane, &LibraryPane::selectionChangedTo, this, &MainWindow::refreshDocuments);
    connect(&m_library, &LibraryService::fileAdded, m_report, &ImportReport::add);
    connect(&m_library, &LibraryService::addFinished, this, [this] { m_report->setVisible(!m_report->isEmpty()); });
    connect(m_report, &ImportReport::passwordGiven, &m_library, &LibraryService::addWithPassword);
    connect(&m_library, &LibraryService::failed, this,
            [this](const QString& sentence) { m_message->showMessage(QStringLiteral("error"), sentence); });
}

void MainWindow::connectPanes() {
    connect(m_talk, &TalkPane::citationOpened, this,
            [this](const CitationItem& citation, const QVector<LitCitation>& lit) {
                m_reader->showCitation(citation, lit);
                showPane(1);
            });
    connect(m_talk, &TalkPane::litChanged, m_reader, &ReaderPane::setLit);
    connect(m_talk, &TalkPane::usageChanged, m_status, &StatusLine::showUsage);
    connect(m_talk, &TalkPane::chooseModelRequested, this, &MainWindow::chooseModel);
    connect(m_reader, &ReaderPane::markClicked, this, [this](int citation) {
        showPane(2);
        m_talk->scrollToCitation(citation);
    });
    connect(m_reader, &ReaderPane::currentDocumentChanged, this, [this](qint64 document) {
        if (document != 0) m_libraryPane->select(document);
        refreshDocuments();
    });
}

void MainWindow::makeMenus() {
    MenuTargets targets{*this, m_theme, *m_libraryPane, *m_reader, *m_talk};
    setMenuWidget(makeMenuRow(targets));
}

void MainWindow::refreshDocuments() {
    const QVector<DocumentItem>& documents = m_library.documents();
    m_reader->updateDocuments(documents);
    m_talk->setDocuments(int(documents.size()), m_reader->currentDocument(), m_libraryPane->selectedDocuments());
    m_status->showLibrary(int(documents.size()), m_libraryPane->model().pageTotal());
}

void MainWindow::addFiles() {
    auto* dialog =
        new QFileDialog(this, tr("Add files"), QString(), tr("Documents (*.pdf *.txt *.md *.markdown);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, &m_library, &LibraryService::addPaths);
    dialog->open();
}

void MainWindow::addFolder() {
    auto* dialog = new QFileDialog(this, tr("Add a folder with all that is in it"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::filesSelected, &m_library, &LibraryService::addPaths);
    dialog->open();
}

void MainWindow::chooseModel() {
    auto* dialog =
        new QFileDialog(this, tr("Choose a model"), QString(), tr("Models (*.gguf *.safetensors);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, &m_model, &ModelService::load);
    dialog->open();
}

void MainWindow::openDocument(qint64 document) {
    const DocumentItem* item = m_libraryPane->model().document(document);
    if (!item) return;
    if (item->pages == 0 && !item->arriving) {
        // Nothing to show: what is wrong stands in the report, with the password's field if one is missing.
        const bool ready = item->outcome.isEmpty() || item->outcome == QLatin1String("ready");
        m_report->add({item->path, ready ? QStringLiteral("empty") : item->outcome, item->message, item->id, 0});
        m_report->setVisible(!m_report->isEmpty());
        showPane(1);
        return;
    }
    m_reader->openDocument(*item);
    showPane(1);
}

void MainWindow::askToRemove(const QVector<qint64>& documents) {
    if (documents.isEmpty()) return;
    const DocumentItem* first = m_libraryPane->model().document(documents.first());
    auto* box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(QStringLiteral("removal"));
    box->setWindowTitle(tr("Remove"));
    box->setText(documents.size() == 1 && first
                     ? tr("Remove “%1” from the library?").arg(first->name)
                     : tr("Remove %Ln documents from the library?", nullptr, int(documents.size())));
    box->setInformativeText(tr("Its text and what was computed from it go. The file itself stays where it is."));
    QPushButton* remove = box->addButton(tr("Remove"), QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addButton(tr("Keep"), QMessageBox::RejectRole));
    connect(box, &QMessageBox::buttonClicked, this, [this, remove, documents](QAbstractButton* button) {
        if (button == remove) m_library.removeDocuments(documents);
    });
    box->open();
}

void MainWindow::copy() {
    if (auto* edit = qobject_cast<QTextEdit*>(QApplication::focusWidget()); edit && edit->textCursor().hasSelection())
        edit->copy();
    else if (QApplication::focusWidget())
        QMetaObject::invokeMethod(QApplication::focusWidget(), "copy");
}

QVector<QWidget*> MainWindow::panes() const { return {m_libraryPane, m_splitter->widget(1), m_talk}; }

void MainWindow::focusNextPane(int step) {
    const QVector<QWidget*> all = panes();
    int at = -1;
    for (int i = 0; i < all.size(); ++i)
        if (all[i]->isAncestorOf(QApplication::focusWidget())) at = i;
    int next = (at + step + int(all.size())) % int(all.size());
    if (!m_narrow && !m_wanted[size_t(next)]) next = 1;
    showPane(next);
    if (next == 0)
        m_libraryPane->focusList();
    else if (next == 1)
        m_reader->focusPages();
    else
        m_talk->focusComposer();
}

void MainWindow::showPane(int pane) {
    m_pane = pane;
    arrangePanes();
}

void MainWindow::setPaneWanted(int pane, bool wanted) {
    m_wanted[size_t(pane)] = wanted || pane == 1;
    arrangePanes();
}

void MainWindow::arrangePanes() {
    m_paneTabs->setVisible(m_narrow);
    m_paneTabs->setCurrent(m_pane);
    const QVector<QWidget*> all = panes();
    for (int i = 0; i < all.size(); ++i) all[i]->setVisible(m_narrow ? i == m_pane : m_wanted[size_t(i)]);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    const bool narrow = width() < kNarrow;
    if (narrow != m_narrow) {
        m_narrow = narrow;
        arrangePanes();
    }
    // Until somebody moved them, outer panes follow the size of the window.
    if (!narrow && (event->oldSize().width() < kNarrow || (width() >= kWide) != (event->oldSize().width() >= kWide))) {
        const int left = width() >= kWide ? 320 : 240, right = width() >= kWide ? 640 : 424;
        m_splitter->setSizes({left, width() - left - right - 2, right});
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && !localPaths(event->mimeData()).isEmpty()) {
        event->acceptProposedAction();
        m_dropHint->offer(int(localPaths(event->mimeData()).size()));
    }
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent* event) {
    m_dropHint->hide();
    QMainWindow::dragLeaveEvent(event);
}

void MainWindow::dropEvent(QDropEvent* event) {
    m_dropHint->hide();
    const QStringList paths = localPaths(event->mimeData());
    if (paths.isEmpty()) return;
    event->setDropAction(Qt::CopyAction);
    event->accept();
    m_library.addPaths(paths);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    emit closing();
    QMainWindow::closeEvent(event);
}

void MainWindow::restoreLook(const QSettings& settings) {
    const auto choice = ThemeChoice(qBound(0, settings.value(QStringLiteral("window/theme"), 0).toInt(), 2));
    const bool contrast = settings.value(QStringLiteral("window/highContrast"), false).toBool();
    if (choice != m_theme.choice() || contrast != m_theme.highContrast()) m_theme.choose(choice, contrast);
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    m_splitter->restoreState(settings.value(QStringLiteral("window/panes")).toByteArray());
}

void MainWindow::saveLook(QSettings& settings) const {
    settings.setValue(QStringLiteral("window/theme"), int(m_theme.choice()));
    settings.setValue(QStringLiteral("window/highContrast"), m_theme.highContrast());
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    if (!m_narrow) settings.setValue(QStringLiteral("window/panes"), m_splitter->saveState());
}

} // namespace lectern
