// gzip for answers that are made on the spot. One per loop; its memory is used again.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hangu::http {

class Gzip {
 public:
    Gzip();
    ~Gzip();
    // False (and `out` is of no use): it would not be smaller.
    bool compress(std::string_view text, std::string& out);

 private:
    struct State;
    std::unique_ptr<State> state_;  // made at the first use
};

// Does an Accept-Encoding header take gzip?
bool takes_gzip(std::string_view accept_encoding);

// Texts, JSON, XML, scripts, SVG; not event streams.
bool is_compressible(std::string_view content_type);

}  // namespace hangu::http
