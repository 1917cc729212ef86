// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/lexical/stop_words.h"

#include <string>
#include <unordered_set>

namespace lectern {
namespace {

// Function words and the words that questions are made of. Words that mean something in one of the languages are left
// out ("car", "son", "or", "war", "die" as a noun is rare enough to go): cutting a rare content word costs more than
// keeping a frequent function word, which BM25 weighs near nothing.
constexpr std::string_view kWords =
    // English
    " a an the and or but nor if then than that this these those there here of in on at by for from to into onto over "
    "under with without"
    " within about against between through during before after above below up down out off again further once is am "
    "are was were be been"
    " being do does did doing done have has had having will would shall should can could may might must it its itself "
    "he him his himself she"
    " her hers herself they them their theirs themselves we us our ours ourselves you your yours yourself i me my mine "
    "myself who whom whose"
    " which what when where why how not no so as such too very just only own same both each few more most other some "
    "any all s t don"
    // French
    " le la les l un une des du de d au aux et ou mais ni que qui quoi qu dont ou ce cet cette ces c ca cela il elle "
    "ils elles on nous vous je"
    " j tu te se s me m lui leur leurs mon ma mes ton ta tes sa ses notre nos votre vos est sont etait etaient ete "
    "etre suis es sommes etes"
    " sera seront ai as avons avez ont avait avaient eu fait faire y ne n pas plus dans sur sous par pour avec sans "
    "entre chez vers si comme"
    " quand comment pourquoi combien quel quelle quels quelles"
    // German
    " der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine keinen keinem keiner ist "
    "sind waren wird werden"
    " wurde wurden sein seine seinen seinem seiner hat haben hatte hatten ich du er sie es wir ihr mich dich sich uns "
    "euch ihm ihn ihnen mein"
    " dein unser euer in im an am auf aus bei beim mit nach von vom zu zum zur uber unter vor hinter zwischen durch "
    "fur gegen ohne um als"
    " wie wenn weil dass ob auch nur noch schon so wer wen wem wessen wann wo warum wieso welche welcher welches "
    "welchen welchem dieser diese"
    " dieses diesen diesem man da ";

const std::unordered_set<std::string_view>& words() {
    static const auto set = [] {
        std::unordered_set<std::string_view> s;
        for (size_t at = 1; at < kWords.size();) {
            const size_t space = kWords.find(' ', at);
            s.insert(kWords.substr(at, space - at));
            at = space + 1;
        }
        return s;
    }();
    return set;
}

} // namespace

bool is_stop_word(std::string_view word) { return words().contains(word); }

} // namespace lectern
