#include "security/protection/places.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hangu::protection {
namespace {

constexpr std::string_view kGood =
    "# network,place,latitude,longitude,kind\r\n"
    "2001:db8::/32,北京,39.90,116.40,\n"
    "198.51.100.0/25,,,,hosting\n"
    "192.0.2.0/24,上海,31.23,121.47,\n"
    "203.0.113.7,上海,,,\n";

std::string name_at(const PlaceFile& file, std::string_view address) {
    const auto place = file.place_of(address);
    return place ? place->name : "unknown";
}

TEST(Places, are_looked_up_by_address) {
    const auto file = PlaceFile::read(kGood);
    ASSERT_TRUE(file.ok()) << file.problem().detail;
    EXPECT_EQ((*file)->ranges_count(), 4U);
    EXPECT_EQ(name_at(**file, "192.0.2.0"), "上海");
    EXPECT_EQ(name_at(**file, "192.0.2.255"), "上海");
    EXPECT_EQ(name_at(**file, "::ffff:192.0.2.9"), "上海");
    EXPECT_EQ(name_at(**file, "192.0.3.0"), "unknown");
    EXPECT_EQ(name_at(**file, "192.0.1.255"), "unknown");
    EXPECT_EQ(name_at(**file, "203.0.113.7"), "上海");
    EXPECT_EQ(name_at(**file, "203.0.113.8"), "unknown");
    EXPECT_EQ(name_at(**file, "2001:db8:ffff::1"), "北京");
    EXPECT_EQ(name_at(**file, "2001:db9::1"), "unknown");
    EXPECT_EQ(name_at(**file, "::1"), "unknown");
    EXPECT_EQ(name_at(**file, "no address"), "unknown");
    EXPECT_EQ(name_at(**file, ""), "unknown");
    EXPECT_TRUE((*file)->place_of("198.51.100.127")->hosting);
    EXPECT_FALSE((*file)->place_of("198.51.100.128").has_value());
    EXPECT_NEAR((*file)->place_of("192.0.2.1")->position->latitude, 31.23, 0.001);
    EXPECT_FALSE((*file)->place_of("203.0.113.7")->position.has_value());
}

TEST(Places, a_bad_line_is_named) {
    for (const std::string_view bad :
         {"192.0.2.0/24,x,1,1", "192.0.2.1/24,x,1,1,", "192.0.2.0/33,x,1,1,", "x,x,1,1,",
          "192.0.2.0/24,x,91,1,", "192.0.2.0/24,x,1,,", "192.0.2.0/24,x,1,1,tor",
          "192.0.2.0/24,x,a,1,", "192.0.2.0/24,\x01,1,1,", "2001:db8::/129,x,1,1,",
          "192.0.2.0/24,\xff,1,1,", "192.0.2.0/,x,1,1,"}) {
        const auto file = PlaceFile::read("# x\n" + std::string(bad));
        ASSERT_FALSE(file.ok()) << bad;
        EXPECT_EQ(file.problem().code, "places.unreadable");
        EXPECT_TRUE(file.problem().detail.starts_with("line 2: ")) << file.problem().detail;
    }
}

TEST(Places, networks_must_not_overlap) {
    EXPECT_FALSE(PlaceFile::read("192.0.2.0/24,a,,,\n192.0.2.128/25,b,,,\n").ok());
    EXPECT_FALSE(PlaceFile::read("192.0.2.0/24,a,,,\n192.0.2.0/24,a,,,\n").ok());
    EXPECT_TRUE(PlaceFile::read("192.0.2.128/25,a,,,\n192.0.2.0/25,b,,,\n").ok());
    EXPECT_TRUE(PlaceFile::read("").ok());
}

TEST(Places, come_from_a_file) {
    const auto path = std::filesystem::temp_directory_path() /
                      ("hangu-places-" + std::to_string(::getpid()) + ".csv");
    EXPECT_EQ(PlaceFile::load(path).problem().code, "places.unreadable");
    std::ofstream(path, std::ios::binary) << kGood;
    const auto file = PlaceFile::load(path);
    std::filesystem::remove(path);
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(name_at(**file, "192.0.2.77"), "上海");
}

}  // namespace
}  // namespace hangu::protection
