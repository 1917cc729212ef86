// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/services/model_service.h"

#include "app/engine_client.h"
#include "app/worker_thread.h"

namespace lectern {

struct ModelService::Private {
    EngineClient& engine;
    std::stop_source stop;
    WorkerThread worker; // last: ends before what it uses

    explicit Private(EngineClient& client) : engine(client) {}
    ~Private() { stop.request_stop(); }
};

ModelService::ModelService(EngineClient& engine, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(engine))
{
}

ModelService::~ModelService() = default;

void ModelService::load(const QString& model)
{
    d->worker.post([this, name = model.toStdString(), stop = d->stop.get_token()] {
        d->engine.choose_model(name);
        const auto loaded = d->engine.load(stop);
        ModelItem item;
        item.name = QString::fromStdString(name);
        item.backend = QString::fromStdString(d->engine.options().backend);
        if (loaded) {
            const ModelInfo& info = (*loaded)->model->info();
            item.ready = true;
            item.name = QString::fromStdString(info.name);
            item.parameters = info.parameters;
            item.weightBytes = qint64(info.weight_bytes);
            item.context = int((*loaded)->context);
        } else {
            item.message = QString::fromStdString(loaded.error().message);
        }
        QMetaObject::invokeMethod(this, [this, item] {
            m_model = item;
            emit modelChanged(item);
        }, Qt::QueuedConnection);
    });
}

} // namespace lectern
