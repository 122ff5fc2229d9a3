// Redacting arbitrary text ends, never crashes, leaves nothing that it would take in a second run,
// and leaves a text alone in which it found nothing.
#include "platform/observe/observe.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string before(reinterpret_cast<const char*>(data), size);
    std::string text = before;
    const int count = hangu::observe::redact(text);
    if ((count == 0) != (text == before)) {
        std::abort();
    }
    std::string again = text;
    if (hangu::observe::redact(again) != 0) {
        std::abort();
    }
    return 0;
}
