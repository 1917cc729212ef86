// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/worker/confinement.h"

#include <fcntl.h>
#include <iconv.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <initializer_list>
#include <string>

namespace lectern {
namespace {

constexpr uint64_t kMemoryBytes = 1536ull << 20;
constexpr rlim_t kStepCpuSeconds = 20; // above the wall limit of a page: the last net, should the parent be gone
constexpr rlim_t kTotalCpuSeconds = 4 * 3600;
constexpr rlim_t kOpenFiles = 32;

bool limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard) {
    const rlimit value{soft, hard};
    return ::setrlimit(what, &value) == 0;
}

bool allow(scmp_filter_ctx filter, std::initializer_list<int> calls) {
    for (const int call : calls)
        if (::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0)
            return false;
    return true;
}

/// Opening: only without any flag that writes or creates.
bool allow_read_only_opens(scmp_filter_ctx filter) {
    constexpr scmp_datum_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
    return ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, kWriting, 0)) == 0 &&
           ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, kWriting, 0)) == 0;
}

/// Memory: never executable from now on.
bool allow_memory(scmp_filter_ctx filter) {
    return ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
           ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
           allow(filter, {SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(madvise)});
}

/// Limits may be read, and the one on processor time moved below its ceiling.
bool allow_limits(scmp_filter_ctx filter) {
    const auto cpu = static_cast<scmp_datum_t>(RLIMIT_CPU);
    return ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0)) == 0 &&
           ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2, SCMP_A0(SCMP_CMP_EQ, 0),
                              SCMP_A1(SCMP_CMP_EQ, cpu)) == 0 &&
           ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setrlimit), 1, SCMP_A0(SCMP_CMP_EQ, cpu)) == 0 &&
           allow(filter, {SCMP_SYS(getrlimit), SCMP_SYS(getrusage)});
}

/// A signal to ourselves: abort() uses it.
bool allow_abort(scmp_filter_ctx filter) {
    const auto self = static_cast<scmp_datum_t>(::getpid());
    return ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, self)) == 0;
}

bool install_filter() {
    scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    if (!filter)
        return false;
    bool ok = allow(filter, {SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev),
                             SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(stat),
                             SCMP_SYS(lstat), SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(fstatfs), SCMP_SYS(access),
                             SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
                             SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(fcntl), SCMP_SYS(fadvise64)}) &&
              allow(filter, {SCMP_SYS(futex), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
                             SCMP_SYS(sigaltstack), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(exit),
                             SCMP_SYS(exit_group), SCMP_SYS(restart_syscall), SCMP_SYS(set_robust_list), SCMP_SYS(rseq)}) &&
              allow(filter, {SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep),
                             SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom),
                             SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(uname), SCMP_SYS(sysinfo),
                             SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(poll),
                             SCMP_SYS(ppoll)}) &&
              allow_read_only_opens(filter) && allow_memory(filter) && allow_limits(filter) && allow_abort(filter);
    // Nothing that parses has a use for these: whoever tries has taken the process over.
    for (const int call : {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(ptrace),
                           SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(bpf), SCMP_SYS(io_uring_setup)})
        ok = ok && ::seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0) == 0;
    ok = ok && ::seccomp_load(filter) == 0;
    ::seccomp_release(filter);
    return ok;
}

void allow_reading(int rules, const std::string& path) {
    const int fd = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (fd < 0)
        return;
    landlock_path_beneath_attr below{};
    below.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    below.parent_fd = fd;
    ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0);
    ::close(fd);
}

/// Best effort: kernels before 5.13 and some containers have no Landlock. glibc has no names for its calls.
void restrict_reading() {
    landlock_ruleset_attr handled{};
    handled.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; // every right of the first version
    const long rules = ::syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled.handled_access_fs), 0);
    if (rules < 0)
        return;
    for (const char* path : {"/usr/share", "/usr/local/share", "/usr/lib", "/etc/fonts", "/etc/ld.so.cache",
                             "/var/cache/fontconfig", "/var/lib/defoma"})
        allow_reading(static_cast<int>(rules), path);
    if (const char* home = std::getenv("HOME"); home && *home)
        for (const char* path : {"/.fonts", "/.cache/fontconfig", "/.local/share/fonts", "/.config/fontconfig"})
            allow_reading(static_cast<int>(rules), home + std::string(path));
    ::syscall(SYS_landlock_restrict_self, static_cast<int>(rules), 0);
    ::close(static_cast<int>(rules));
}

/// Poppler's strings go through iconv, whose UTF-16 is a module that is loaded on first use: executable memory. Opened now and
/// kept, it stays loaded.
void preload_modules() {
    for (const char* code : {"UTF-16", "UTF-16BE", "UTF-16LE", "ISO-8859-1"}) {
        (void)::iconv_open("UTF-8", code);
        (void)::iconv_open(code, "UTF-8");
    }
}

} // namespace

void renew_cpu_limit() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
    rlimit now{};
    ::getrlimit(RLIMIT_CPU, &now);
    now.rlim_cur = std::min(now.rlim_max, seconds + kStepCpuSeconds);
    ::setrlimit(RLIMIT_CPU, &now);
}

bool confine(uint64_t document_bytes) {
    preload_modules();
    const rlim_t memory = kMemoryBytes + document_bytes;
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return false;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    const bool memory_limited = true; // sanitizers reserve terabytes of address space
    (void)memory;
#else
    const bool memory_limited = limit(RLIMIT_AS, memory, memory);
#endif
    if (!memory_limited || !limit(RLIMIT_CPU, kStepCpuSeconds, kTotalCpuSeconds) || !limit(RLIMIT_FSIZE, 0, 0) ||
        !limit(RLIMIT_NOFILE, kOpenFiles, kOpenFiles) || !limit(RLIMIT_CORE, 0, 0) || !limit(RLIMIT_NPROC, 0, 0))
        return false;
    restrict_reading();
    return install_filter();
}

} // namespace lectern
