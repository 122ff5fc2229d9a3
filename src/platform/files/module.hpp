// What wiring needs of this module.
#pragma once

#include "platform/egress/egress.hpp"
#include "platform/files/files.hpp"
#include "platform/files/links.hpp"
#include "platform/settings/settings.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hangu::files {

std::vector<settings::Setting> settings();
// "settings.invalid" with fields: an unknown store, or what S3 needs and is not there.
Result<void> check_settings(const settings::Snapshot& settings);
// The folder, or "" when they lie on S3.
std::string folder_of(const settings::Snapshot& settings, const std::string& data);

// As the settings say; the folder is <data>/files unless they name one. `egress` is for this alone,
// so that a slow object store holds up no text message and the other way round. Nothing is sent
// yet: a server that is away does not keep the house from starting. "files.key_file_missing",
// "files.key_file_open" (others may read it), "files.endpoint_invalid", and those of the folder.
Result<std::unique_ptr<ObjectStore>> open_store(const settings::Snapshot& settings,
                                                const std::string& data, egress::Egress& egress,
                                                const Clock& clock, Randomness& randomness);

}  // namespace hangu::files
