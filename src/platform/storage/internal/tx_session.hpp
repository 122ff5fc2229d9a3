// The connection under a transaction, for the engine's own work on rows and tables of any shape.
#pragma once

#include "platform/storage/tx.hpp"

namespace hangu::storage {

struct TxSession {
    static Session& of(BasicTx& tx) { return tx.session_; }
};

}  // namespace hangu::storage
