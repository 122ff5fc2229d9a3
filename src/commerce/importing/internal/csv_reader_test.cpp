// The CSV reader: RFC 4180, every line end and encoding, every fault with its line.
#include "commerce/importing/internal/csv_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hangu::importing {
namespace {

struct Read {
    std::vector<std::string> lines;  // "2: a|b", faults as "2: !code@line"
};

std::vector<std::string> read_all(std::string_view text, Encoding encoding = Encoding::utf8,
                                  char separator = ',', std::size_t step = 1 << 20,
                                  CsvLimits limits = {}) {
    MemorySource bytes(text, step);
    CsvReader reader(bytes, separator, encoding, limits);
    std::vector<std::string> lines;
    CsvRow row;
    while (reader.next(row)) {
        std::string line = std::to_string(row.line) + ": ";
        if (row.fault) {
            line += "!" + std::string(row.fault->code) + "@" + std::to_string(row.fault->line);
        } else {
            for (std::size_t i = 0; i < row.fields.size(); ++i) {
                line += (i == 0 ? "" : "|") + std::string(row.fields[i]);
            }
        }
        lines.push_back(line);
    }
    return lines;
}

using Lines = std::vector<std::string>;

TEST(CsvReader, reads_plain_rows) {
    EXPECT_EQ(read_all("a,b\n1,2\n,\n"), (Lines{"1: a|b", "2: 1|2", "3: |"}));
    EXPECT_EQ(read_all("a;b\n", Encoding::utf8, ';'), (Lines{"1: a|b"}));
    EXPECT_EQ(read_all(""), Lines{});
}

TEST(CsvReader, takes_every_line_end) {
    for (const std::string_view end : {"\n", "\r\n", "\r"}) {
        const std::string text = "a,b" + std::string(end) + "1,2" + std::string(end) +
                                 std::string(end) + "3,4" + std::string(end);
        EXPECT_EQ(read_all(text), (Lines{"1: a|b", "2: 1|2", "4: 3|4"}));
    }
}

TEST(CsvReader, takes_a_last_row_without_line_end_and_says_so) {
    MemorySource bytes("a\n1");
    CsvReader reader(bytes, ',', Encoding::utf8);
    CsvRow row;
    ASSERT_TRUE(reader.next(row));
    EXPECT_TRUE(row.line_break);
    ASSERT_TRUE(reader.next(row));
    EXPECT_FALSE(row.line_break);
    EXPECT_EQ(row.fields, (std::vector<std::string_view>{"1"}));
    EXPECT_FALSE(reader.next(row));
}

TEST(CsvReader, quotes_hold_separators_quotes_and_line_ends) {
    EXPECT_EQ(read_all("\"a,1\",\"say \"\"hi\"\"\"\n\"\",x\n"),
              (Lines{"1: a,1|say \"hi\"", "2: |x"}));
    EXPECT_EQ(read_all("\"one\r\ntwo\nthree\rfour\",b\nlast,row\n"),
              (Lines{"1: one\r\ntwo\nthree\rfour|b", "5: last|row"}));
    EXPECT_EQ(read_all("6\" pizza,b\n"), (Lines{"1: 6\" pizza|b"}));
}

TEST(CsvReader, result_does_not_depend_on_where_reads_are_cut) {
    const std::string text =
        "\xEF\xBB\xBFname,note\r\n\"\xE8\x8C\xB6 "
        "\"\"x\"\"\",\"l1\r\nl2\"\r\n\r\n\"bad\"y,1\r\nend,2";
    const Lines whole = read_all(text);
    EXPECT_EQ(whole, (Lines{"1: name|note", "2: \xE8\x8C\xB6 \"x\"|l1\r\nl2",
                            "5: !csv.text_after_quote@5", "6: end|2"}));
    for (std::size_t step = 1; step < text.size(); ++step) {
        EXPECT_EQ(read_all(text, Encoding::utf8, ',', step), whole) << step;
    }
}

TEST(CsvReader, reads_gbk) {
    // "编号,岩茶" and "龙井" in GBK.
    const std::string text = "\xB1\xE0\xBA\xC5,\xD1\xD2\xB2\xE8\n1,\xC1\xFA\xBE\xAE\n";
    const Lines expected{"1: \xE7\xBC\x96\xE5\x8F\xB7|\xE5\xB2\xA9\xE8\x8C\xB6",
                         "2: 1|\xE9\xBE\x99\xE4\xBA\x95"};
    for (std::size_t step = 1; step < text.size(); ++step) {
        EXPECT_EQ(read_all(text, Encoding::gbk, ',', step), expected) << step;
    }
    MemorySource bytes(text);
    EXPECT_EQ(detect_encoding(bytes).encoding, Encoding::gbk);
}

TEST(CsvReader, detects_encodings) {
    const auto detected = [](std::string_view text) {
        MemorySource bytes(text, 3);
        return detect_encoding(bytes);
    };
    EXPECT_EQ(detected("plain").encoding, Encoding::utf8);
    EXPECT_EQ(detected("\xEF\xBB\xBF\xE8\x8C\xB6").encoding, Encoding::utf8);
    EXPECT_EQ(detected("\xFF\xFF").encoding, Encoding::utf8);  // neither; faults will tell
    EXPECT_TRUE(detected(std::string_view("\xFF\xFE"
                                          "a\0",
                                          4))
                    .is_utf16);
}

TEST(CsvReader, wrong_encoding_is_a_fault_of_its_row) {
    EXPECT_EQ(read_all("a,b\n1,\xB2\xE8\n2,c\n"),
              (Lines{"1: a|b", "2: !csv.encoding@2", "3: 2|c"}));
    EXPECT_EQ(read_all("a\n\xE8\x8C\xB6\xFFx\nb\n", Encoding::gbk).size(), 3u);
    EXPECT_EQ(read_all("a\n\x81\n", Encoding::gbk), (Lines{"1: a", "2: !csv.encoding@2"}));
}

TEST(CsvReader, halves_of_a_character_beside_a_separator_are_no_character) {
    EXPECT_EQ(read_all("a,b\n\xE8\x8C,\xB6\n"), (Lines{"1: a|b", "2: !csv.encoding@2"}));
}

TEST(CsvReader, unterminated_quote_names_the_line_it_opens_in) {
    EXPECT_EQ(read_all("a,b\n1,\"x\n2,y\n3,z\n"),
              (Lines{"1: a|b", "2: !csv.unterminated_quote@2"}));
    EXPECT_EQ(read_all("a,\"\n\nx\",\"open\n\n"), (Lines{"1: !csv.unterminated_quote@3"}));
    // Beyond the row's limit nobody knows where the next row begins.
    EXPECT_EQ(
        read_all("\"" + std::string(300, 'x') + "\n1,2\n", Encoding::utf8, ',', 16, {100, 50, 20}),
        (Lines{"1: !csv.unterminated_quote@1"}));
}

TEST(CsvReader, faults_are_told_and_the_next_row_is_read) {
    EXPECT_EQ(read_all(std::string_view("a\n1\0\x32\n3\n", 8)),
              (Lines{"1: a", "2: !csv.nul_byte@2", "3: 3"}));
    EXPECT_EQ(read_all(std::string_view("\"a\n\0\"\nb\n", 8)),
              (Lines{"1: !csv.nul_byte@2", "3: b"}));
    EXPECT_EQ(read_all("\"a\"b,c\nd,e\n"), (Lines{"1: !csv.text_after_quote@1", "2: d|e"}));
    const CsvLimits limits{20, 10, 3};
    const auto limited = [&limits](std::string_view text) {
        return read_all(text, Encoding::utf8, ',', 1 << 20, limits);
    };
    EXPECT_EQ(limited("1,2,3\n1,2,3,4\nx\n"),
              (Lines{"1: 1|2|3", "2: !csv.too_many_columns@2", "3: x"}));
    EXPECT_EQ(limited("12345678901\nx\n"), (Lines{"1: !csv.field_too_long@1", "2: x"}));
    EXPECT_EQ(limited("\"12345678901\"\nx\n"), (Lines{"1: !csv.field_too_long@1", "2: x"}));
    EXPECT_EQ(limited("1234567890,1234567890\nx\n"), (Lines{"1: !csv.row_too_long@1", "2: x"}));
}

}  // namespace
}  // namespace hangu::importing
