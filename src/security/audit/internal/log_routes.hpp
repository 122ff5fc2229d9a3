// The further routes of the module, one file per group.
#pragma once

#include "platform/http/route.hpp"

namespace hangu::audit {

void add_log_routes(http::Routes& routes);     // log, check, comparison, receipts
void add_export_routes(http::Routes& routes);  // export

}  // namespace hangu::audit
