// Which library the cryptography stands on, for the doctor.
#pragma once

#include <string>

namespace hangu::crypto {

std::string library_version();

}  // namespace hangu::crypto
