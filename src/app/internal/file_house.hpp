// The files of the house: the store that the settings name, tenants' keys for it, the routes that
// give files out, and what is looked after now and then.
#pragma once

#include "app/house.hpp"
#include "platform/files/module.hpp"

#include <cstddef>
#include <memory>

namespace hangu::app {

class FileHouse {
 public:
    explicit FileHouse(House& house);
    ~FileHouse();
    FileHouse(const FileHouse&) = delete;
    FileHouse& operator=(const FileHouse&) = delete;

    // "files.folder_unsafe", "files.key_file_…", "files.endpoint_invalid"; an S3 server that is
    // away is no reason not to start.
    Result<void> open();
    void stop();
    files::Files& all() { return *files_; }
    void add_routes(http::Routes& routes);
    // One tenant at a time: pictures that no product has and that were put more than a day ago.
    void sweep();

 private:
    House& house_;
    std::unique_ptr<egress::Egress> egress_;  // for the object store alone
    std::unique_ptr<files::ObjectStore> store_;
    std::unique_ptr<files::KeySource> keys_;
    std::unique_ptr<files::Files> files_;
    std::size_t next_swept_ = 0;
};

// For the doctor: is the store there, and may we? In one line where it is.
Result<std::string> look_at_files(const settings::Snapshot& settings, const std::string& data);

}  // namespace hangu::app
