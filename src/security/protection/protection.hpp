// The whole face of this module.
#pragma once

#include "security/protection/attacks.hpp"
#include "security/protection/risk.hpp"
#include "security/protection/violations.hpp"
