// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/worker/worker_link.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>
#include <vector>

namespace lectern {
namespace {

constexpr int kPollMs = 50;
constexpr int kFirstFreeFd = 10; // above the descriptors that the child gets
constexpr int kPipeBytes = 1 << 20;
constexpr size_t kMaxErrorBytes = 64u << 10;

/// Descriptors that close themselves.
struct Fd {
    int fd = -1;
    Fd() = default;
    explicit Fd(int value) : fd(value) {}
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    ~Fd() {
        if (fd >= 0)
            ::close(fd);
    }
    int release() { return std::exchange(fd, -1); }
    /// Out of the way of 0 to 3, so that the child's dup2 calls cannot overwrite one another.
    void lift() {
        if (fd < 0 || fd >= kFirstFreeFd)
            return;
        const int lifted = ::fcntl(fd, F_DUPFD_CLOEXEC, kFirstFreeFd);
        ::close(fd);
        fd = lifted;
    }
};

bool make_pipe(Fd& reading, Fd& writing) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return false;
    reading.fd = ends[0];
    writing.fd = ends[1];
    reading.lift();
    writing.lift();
    return reading.fd >= 0 && writing.fd >= 0;
}

/// A socket, not a pipe: a write to a dead child must not raise SIGPIPE in the program.
bool make_socket(Fd& ours, Fd& theirs) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    ours.fd = ends[0];
    theirs.fd = ends[1];
    ours.lift();
    theirs.lift();
    return ours.fd >= 0 && theirs.fd >= 0;
}

std::vector<std::string> child_environment() {
    std::vector<std::string> environment = {"LC_ALL=C.UTF-8"};
    for (const char* name : {"HOME", "XDG_CACHE_HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS"}) // fontconfig looks for its cache there
        if (const char* value = std::getenv(name))
            environment.push_back(std::string(name) + "=" + value);
    return environment;
}

int spawn(const std::filesystem::path& program, const std::array<int, 4>& descriptors, pid_t& pid) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (size_t target = 0; target < descriptors.size(); ++target)
        posix_spawn_file_actions_adddup2(&actions, descriptors[target], static_cast<int>(target));
    posix_spawn_file_actions_addclosefrom_np(&actions, static_cast<int>(descriptors.size()));
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0); // Ctrl-C at a terminal is for us; we end the child
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    std::string name = program.string();
    char* arguments[] = {name.data(), nullptr};
    std::vector<std::string> variables = child_environment();
    std::vector<char*> environment;
    for (std::string& variable : variables)
        environment.push_back(variable.data());
    environment.push_back(nullptr);
    const int failed = ::posix_spawn(&pid, name.c_str(), &actions, &attributes, arguments, environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

} // namespace

Result<std::unique_ptr<WorkerLink>> WorkerLink::start(const std::filesystem::path& program, int document_fd) {
    Fd our_requests, their_requests, our_records, their_records, our_errors, their_errors;
    if (!make_socket(our_requests, their_requests) || !make_pipe(our_records, their_records) ||
        !make_pipe(our_errors, their_errors))
        return error_from_errno(errno, "Cannot make pipes for", program.string());
    ::fcntl(our_records.fd, F_SETPIPE_SZ, kPipeBytes); // fewer switches; refused where the user's quota is spent
    ::fcntl(our_records.fd, F_SETFL, O_NONBLOCK);
    ::fcntl(our_errors.fd, F_SETFL, O_NONBLOCK);
    Fd document(::fcntl(document_fd, F_DUPFD_CLOEXEC, kFirstFreeFd));
    if (document.fd < 0)
        return error_from_errno(errno, "Cannot hand a document to", program.string());
    pid_t pid = -1;
    if (const int failed = spawn(program, {their_requests.fd, their_records.fd, their_errors.fd, document.fd}, pid))
        return error_from_errno(failed, "Cannot start", program.string());
    return std::unique_ptr<WorkerLink>(
        new WorkerLink(pid, our_requests.release(), our_records.release(), our_errors.release()));
}

WorkerLink::~WorkerLink() {
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    for (const int fd : {requests_, records_, errors_})
        if (fd >= 0)
            ::close(fd);
}

void WorkerLink::send(const ParseRequest& request) {
    const std::string record = encode_request(request);
    for (size_t sent = 0; sent < record.size();) {
        const ssize_t put = ::send(requests_, record.data() + sent, record.size() - sent, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return;
        sent += static_cast<size_t>(put);
    }
}

/// True if the buffer holds a whole record or a broken one.
bool WorkerLink::take_record(Received& received) {
    if (buffer_.size() < kRecordHeaderBytes)
        return false;
    const auto header = decode_record_header(std::as_bytes(std::span(buffer_)).first(kRecordHeaderBytes));
    if (!header) {
        received.event = Event::Broken;
        return true;
    }
    if (buffer_.size() - kRecordHeaderBytes < header->size)
        return false;
    received = {Event::Record, header->type, buffer_.substr(kRecordHeaderBytes, header->size)};
    buffer_.erase(0, kRecordHeaderBytes + header->size);
    return true;
}

/// False at the end of the stream.
bool WorkerLink::read_records() {
    constexpr size_t kStep = 256u << 10;
    const size_t had = buffer_.size();
    buffer_.resize(had + kStep);
    const ssize_t got = ::read(records_, buffer_.data() + had, kStep);
    buffer_.resize(had + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

void WorkerLink::drain_errors() {
    char scratch[16u << 10];
    const ssize_t got = ::read(errors_, scratch, sizeof(scratch));
    if (got > 0)
        error_bytes_ += static_cast<size_t>(got);
    const bool ended = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    if (ended || error_bytes_ > kMaxErrorBytes) {
        ::close(errors_); // what it writes from now on goes nowhere, without waking us
        errors_ = -1;
    }
}

WorkerLink::Received WorkerLink::receive(std::chrono::milliseconds timeout, const std::stop_token& stop) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + timeout;
    Received received;
    for (;;) {
        if (stop.stop_requested())
            return {Event::Cancelled, {}, {}};
        if (take_record(received))
            return received;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0)
            return {Event::TimedOut, {}, {}};
        pollfd waits[2] = {{records_, POLLIN, 0}, {errors_, POLLIN, 0}}; // a negative descriptor is passed over
        const int ready = ::poll(waits, 2, static_cast<int>(std::min<long>(kPollMs, static_cast<long>(left))));
        if (ready <= 0)
            continue;
        if (waits[1].revents)
            drain_errors();
        if (waits[0].revents && !read_records())
            return {Event::Died, {}, {}};
    }
}

} // namespace lectern
