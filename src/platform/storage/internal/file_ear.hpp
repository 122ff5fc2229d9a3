// What a move hears of a tenant's file.
#pragma once

#include "platform/storage/internal/move_sides.hpp"
#include "platform/storage/internal/sqlite.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hangu::storage {

// Hears of changes on the lane's connection; kept by it, however long that lives. A row is changed
// before its transaction is committed: whoever takes its key meanwhile still reads the old value,
// so that the key is told again when the transaction is over.
class FileEar final : public RowWatch {
 public:
    explicit FileEar(std::span<const TableShape> shapes) {
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            Table& table = tables_[shapes[i].name];
            table.number = i;
            for (const std::size_t column : shapes[i].key) {
                table.key_columns.push_back(static_cast<int>(column) + 1);  // behind the tenant
            }
        }
    }

    const std::vector<int>* key_columns(std::string_view table) override {
        const auto found = deaf_ ? tables_.end() : tables_.find(table);
        return found == tables_.end() ? nullptr : &found->second.key_columns;
    }
    void changed(std::string_view table, RawKey key) override {
        const std::lock_guard lock(mutex_);
        changing_.emplace(tables_.find(table)->second.number, std::move(key));
    }
    void ended() override {
        const std::lock_guard lock(mutex_);
        changed_.merge(changing_);
        changing_.clear();
    }
    // Nobody takes any more: nothing is kept from now on, however long there is a connection.
    void stop() {
        deaf_ = true;
        const std::lock_guard lock(mutex_);
        changing_.clear();
        changed_.clear();
    }
    ChangeLog::Changed take() {
        const std::lock_guard lock(mutex_);
        ChangeLog::Changed all = std::exchange(changed_, {});
        all.insert(changing_.begin(), changing_.end());
        return all;
    }

 private:
    struct Table {
        std::size_t number = 0;
        std::vector<int> key_columns;
    };

    std::map<std::string, Table, std::less<>> tables_;
    std::atomic<bool> deaf_{false};
    std::mutex mutex_;
    ChangeLog::Changed changing_;  // by the transaction that there is
    ChangeLog::Changed changed_;
};

}  // namespace hangu::storage
