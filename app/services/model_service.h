// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Which model answers, and whether it is ready.
#pragma once

#include <memory>

#include <QtCore/QObject>

#include "app/services/items.h"

namespace lectern {

class EngineClient;

class ModelService : public QObject {
    Q_OBJECT
public:
    explicit ModelService(EngineClient& engine, QObject* parent = nullptr);
    ~ModelService() override;
    const ModelItem& model() const { return m_model; }

public slots:
    /// Loads the model in the background; answers with modelChanged.
    void load(const QString& model);

signals:
    void modelChanged(const lectern::ModelItem& model);

private:
    struct Private;
    std::unique_ptr<Private> d;
    ModelItem m_model;
};

} // namespace lectern
