// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/store/sqlite.h"

#include <sqlite3.h>

#include <cerrno>

#include <fmt/format.h>

#include "engine/base/log.h"

namespace lectern {
namespace {

bool is_out_of_space(int system_errno) {
    return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
}

Error error_of(sqlite3* db, int code) {
    const char* name = db ? sqlite3_db_filename(db, "main") : nullptr;
    const std::string file = name && *name ? name : "the library";
    const std::string detail = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    const int system_errno = db ? sqlite3_system_errno(db) : 0;
    switch (code & 0xff) {
    case SQLITE_FULL:
        return {ErrorKind::DiskFull,
                fmt::format("{}: the disk is full; nothing was changed. Free some space and try again.", file)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorKind::Busy, fmt::format("{} is in use by another program; close it and try again.", file)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
        return {ErrorKind::Damaged,
                fmt::format(
                    "{} is damaged ({}). Run \"lectern-cli library verify\", or put back a backup of the file; your "
                    "documents themselves are not touched.",
                    file, detail)};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return {ErrorKind::NoPermission,
                fmt::format("{} cannot be written ({}); check the permissions of its folder.", file, detail)};
    case SQLITE_CANTOPEN:
        if (system_errno != 0) return error_from_errno(system_errno, "Cannot open", file);
        return {ErrorKind::NotFound, fmt::format("{} cannot be opened ({}).", file, detail)};
    case SQLITE_NOMEM:
        return {ErrorKind::OutOfMemory, fmt::format("{}: not enough memory.", file)};
    case SQLITE_TOOBIG:
        return {ErrorKind::TooLarge, fmt::format("{}: a text is too large to be stored.", file)};
    case SQLITE_INTERRUPT:
        return {ErrorKind::Cancelled, "Cancelled."};
    case SQLITE_IOERR:
        if (is_out_of_space(system_errno))
            return {ErrorKind::DiskFull,
                    fmt::format("{}: the disk is full; nothing was changed. Free some space and try again.", file)};
        return {ErrorKind::Internal, fmt::format("{} cannot be read or written ({}); check the disk.", file, detail)};
    default:
        return {ErrorKind::Internal, fmt::format("{}: {} (SQLite {}).", file, detail, code)};
    }
}

[[noreturn]] void throw_sqlite(sqlite3* db, int code) { throw StoreFailure{error_of(db, code)}; }

void set_option(sqlite3* db, int option, int value) { sqlite3_db_config(db, option, value, nullptr); }

} // namespace

void store_failure(ErrorKind kind, std::string message) { throw StoreFailure{{kind, std::move(message)}}; }

void throw_if_stopped(const std::stop_token& stop) {
    if (stop.stop_requested()) store_failure(ErrorKind::Cancelled, "Cancelled.");
}

void CloseConnection::operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
void FinalizeStatement::operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }

Statement::Statement(sqlite3* db, std::string_view sql) : db_(db) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    statement_.reset(statement);
    check(code);
}

void Statement::check(int code) {
    if (code != SQLITE_OK) throw_sqlite(db_, code);
}

bool Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    Error error = error_of(db_, code);
    sqlite3_reset(statement_.get());
    throw StoreFailure{std::move(error)};
}

void Statement::run() {
    while (step()) {
    }
    reset();
}

void Statement::reset() { sqlite3_reset(statement_.get()); } // its code repeats the error of the last step

int64_t Statement::integer(int column) { return sqlite3_column_int64(statement_.get(), column); }
double Statement::real(int column) { return sqlite3_column_double(statement_.get(), column); }
bool Statement::is_null(int column) { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::string Statement::text(int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    return text ? std::string(text, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column)))
                : std::string();
}

std::span<const std::byte> Statement::blob(int column) {
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
    return {data, data ? static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column)) : 0};
}

void Statement::bind_null(int index) { check(sqlite3_bind_null(statement_.get(), index)); }
void Statement::bind_integer(int index, int64_t value) { check(sqlite3_bind_int64(statement_.get(), index, value)); }
void Statement::bind_real(int index, double value) { check(sqlite3_bind_double(statement_.get(), index, value)); }
void Statement::bind_text(int index, std::string_view value) {
    const char* data = value.data() ? value.data() : ""; // a null pointer would bind NULL
    check(sqlite3_bind_text64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Statement::bind_blob(int index, std::span<const std::byte> value) {
    if (value.empty())
        check(sqlite3_bind_zeroblob(statement_.get(), index, 0));
    else
        check(sqlite3_bind_blob64(statement_.get(), index, value.data(), value.size(), SQLITE_TRANSIENT));
}

Connection::Connection(const std::filesystem::path& file, Role role) {
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &db,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, nullptr);
    db_.reset(db);
    if (code != SQLITE_OK) throw_sqlite(db, code);
    sqlite3_extended_result_codes(db, 0);
    sqlite3_busy_timeout(db, 5000);
    set_option(db, SQLITE_DBCONFIG_DEFENSIVE, 1);
    set_option(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
    set_option(db, SQLITE_DBCONFIG_DQS_DML, 0);
    set_option(db, SQLITE_DBCONFIG_DQS_DDL, 0);
    // Sorting never spills a document's text into a temporary file outside the library's folder.
    execute(
        "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON");
    if (role == Role::Reader) {
        set_option(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
        execute("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0");
    }
}

void Connection::execute(const std::string& sql) {
    const int code = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw_sqlite(handle(), code);
}

int64_t Connection::last_id() { return sqlite3_last_insert_rowid(handle()); }
int64_t Connection::total_changes() { return sqlite3_total_changes64(handle()); }

void Connection::set_defensive(bool on) { set_option(handle(), SQLITE_DBCONFIG_DEFENSIVE, on); }

bool Connection::checkpoint_truncate() {
    const int code = sqlite3_wal_checkpoint_v2(handle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if ((code & 0xff) == SQLITE_BUSY) return false;
    if (code != SQLITE_OK) throw_sqlite(handle(), code);
    return true;
}

Transaction::Transaction(Connection& connection) : connection_(connection) { connection_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
    if (!open_) return;
    // SQLite may have rolled back by itself after a full disk; then this says "no transaction", which is what we want.
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    connection_.execute("COMMIT");
    open_ = false;
}

ReadTransaction::ReadTransaction(Connection& connection) : connection_(connection) { connection_.execute("BEGIN"); }
ReadTransaction::~ReadTransaction() { sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }

struct InterruptOnStop::Callback {
    struct Interrupt {
        sqlite3* db;
        void operator()() const noexcept { sqlite3_interrupt(db); }
    };
    std::stop_callback<Interrupt> callback;
};

InterruptOnStop::InterruptOnStop(Connection& connection, std::stop_token stop)
    : callback_(new Callback{
          std::stop_callback<Callback::Interrupt>(std::move(stop), Callback::Interrupt{connection.handle()})}) {}
InterruptOnStop::~InterruptOnStop() = default;

} // namespace lectern
