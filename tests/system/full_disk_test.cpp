// The disk fills up while orders come in: they are refused, nothing that was acknowledged is lost,
// and when there is space again the work goes on.
#include "tests/system/collected.hpp"
#include "tests/system/tellers.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace hangu::system {
namespace {

constexpr int kTriesMax = 5000;

// A small file system of its own; not mounted where that is not permitted.
class SmallDisk {
 public:
    explicit SmallDisk(const std::string& path) : path_(path) {
        std::filesystem::create_directories(path);
        mounted_ = ::mount("tmpfs", path.c_str(), "tmpfs", MS_NOSUID | MS_NODEV,
                           "size=16m,mode=0700") == 0;
        why_ = mounted_ ? "" : std::strerror(errno);
    }
    ~SmallDisk() {
        if (mounted_) {
            ::umount2(path_.c_str(), MNT_DETACH);
        }
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    bool mounted() const { return mounted_; }
    const std::string& why() const { return why_; }

    // Takes all the space there is.
    void fill() {
        const int file = ::open((path_ + "/filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        const std::string block(4096, 'x');
        ssize_t put = 1;
        while (put > 0) {
            put = ::write(file, block.data(), block.size());
        }
        ::close(file);
    }
    void free() { std::filesystem::remove(path_ + "/filler"); }

 private:
    std::string path_;
    bool mounted_ = false;
    std::string why_;
};

struct Tries {
    int placed = 0;
    std::string last;  // "503 storage.unavailable"
};

// Places orders until one is answered as wanted.
Tries place_until(Shop& shop, const std::string& prefix, bool refused,
                  std::map<std::string, Acknowledged>& done) {
    Tries tries;
    for (int i = 0; i < kTriesMax; ++i) {
        const std::string key = fmt::format("{}-{:05}", prefix, i);
        const std::optional<Answer> answer = shop.owner().request(
            "POST", "/orders", shop.order_body(0, 0, 1), {{"Idempotency-Key", key}});
        if (!answer) {
            tries.last = "no answer";
            return tries;
        }
        tries.last = fmt::format("{} {}", answer->status, answer->code());
        if (answer->status == 201) {
            ++tries.placed;
            done[key] = {text_at(answer->json, "id"), text_at(answer->json, "number"),
                         text_at(answer->json, "pick_up_number")};
        }
        if ((answer->status != 201) == refused && answer->status != 429) {
            return tries;
        }
    }
    return tries;
}

TEST(FullDisk, refuses_keeps_and_recovers) {
    const Place place;
    SmallDisk disk(place.path() + "/disk");
    if (!disk.mounted()) {
        GTEST_SKIP() << "a small file system cannot be mounted here: " << disk.why();
    }
    const std::string data = place.path() + "/disk/data";
    Server server(data, place.path() + "/stderr");
    Shop shop(data, server.port(), "full");
    shop.open_stores(1);
    shop.sell("tea");
    std::map<std::string, Acknowledged> done;
    EXPECT_EQ(place_until(shop, "before", false, done).last, "201 ");
    disk.fill();
    EXPECT_EQ(place_until(shop, "filling", true, done).last, "503 storage.unavailable");
    EXPECT_EQ(place_until(shop, "full", true, done).last, "503 storage.unavailable");
    const std::optional<Answer> read = shop.owner().request("GET", "/orders");
    EXPECT_EQ(read->status, 200) << read->body;
    EXPECT_EQ(read->json.at("total"), done.size());
    disk.free();
    EXPECT_EQ(place_until(shop, "after", false, done).last, "201 ");
    EXPECT_EQ(place_until(shop, "later", false, done).last, "201 ");
    EXPECT_EQ(server.stop(60'000), 0);
    EXPECT_EQ(faults_of_orders(data, done), std::vector<std::string>());
    const Outcome check = run({"data", "check", "--data", data, "--json"});
    EXPECT_EQ(check.status, 0) << check.out << check.err;
}

}  // namespace
}  // namespace hangu::system
