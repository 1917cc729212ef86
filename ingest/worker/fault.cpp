// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/worker/fault.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <string>

namespace lectern {
namespace {

void tell(Page& page, bool refused) {
    page.text = refused ? "REFUSED" : "ALLOWED";
    page.words.clear();
    page.blocks = {{BlockKind::Paragraph, 0, 7, {}, 0, false}};
}

void blow_up_memory() {
    for (int i = 0; i < 64; ++i) { // never given back; throws at the limit, which lies far below 4 GiB
        char* volatile hoard = new char[64u << 20];
        *hoard = 1;
    }
}

void flood_stderr() {
    const std::string line(4096, 'e');
    for (int i = 0; i < 2000; ++i)
        if (::write(2, line.data(), line.size()) < 0)
            return;
}

} // namespace

void inject_fault(Page& page) {
    const auto asks_for = [&](const char* fault) { return page.text.find(std::string("FAULT ") + fault) != std::string::npos; };
    if (asks_for("crash"))
        ::raise(SIGSEGV);
    if (asks_for("hang"))
        for (;;)
            ::usleep(1000);
    if (asks_for("memory"))
        blow_up_memory();
    if (asks_for("garbage"))
        (void)!::write(1, "Pxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 29);
    if (asks_for("flood"))
        flood_stderr();
    if (asks_for("socket"))
        tell(page, ::socket(AF_INET, SOCK_STREAM, 0) < 0);
    if (asks_for("exec"))
        tell(page, ::execl("/bin/true", "true", nullptr) < 0);
    if (asks_for("write"))
        tell(page, ::open("/tmp/lectern-parse-leak", O_WRONLY | O_CREAT, 0600) < 0);
    if (asks_for("read"))
        tell(page, ::open("/etc/passwd", O_RDONLY) < 0);
    if (asks_for("fork"))
        tell(page, ::fork() < 0);
}

} // namespace lectern
