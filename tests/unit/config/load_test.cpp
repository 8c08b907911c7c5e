// Files: found or not, and the exit status that follows.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/unit/config/parsed.hpp"

namespace pianissimo {
namespace {

class Load : public testing::Test {
 protected:
  ~Load() override { std::filesystem::remove(path_); }

  std::string file(std::string_view text) {
    std::ofstream{path_, std::ios::binary} << text;
    return path_;
  }

  const std::string path_ = testing::TempDir() + "pianissimo-load-" + std::to_string(getpid());
};

LoadError error_of(const std::string& path) {
  auto loaded = load_config(path);
  EXPECT_TRUE(std::holds_alternative<LoadError>(loaded)) << path;
  return std::holds_alternative<LoadError>(loaded) ? std::get<LoadError>(loaded) : LoadError{};
}

TEST_F(Load, ReadsAFile) {
  const auto loaded = load_config(file("dry_run: true\n"));

  ASSERT_TRUE(std::holds_alternative<Config>(loaded));
  EXPECT_TRUE(std::get<Config>(loaded).dry_run);
}

TEST_F(Load, AFileThatIsNotThereIsUnreadable) {
  const LoadError error = error_of("/nonexistent/pianissimo.yaml");

  EXPECT_EQ(error.exit_status(), 66);
  ASSERT_EQ(error.errors.size(), 1U);
  EXPECT_EQ(to_string(error.errors.front(), "p.yaml"), "p.yaml: No such file or directory");
}

TEST_F(Load, AFolderIsUnreadable) {
  const LoadError error = error_of("/");

  EXPECT_EQ(error.exit_status(), 66);
  EXPECT_EQ(to_string(error.errors.at(0), "/"), "/: Is a directory");
}

TEST_F(Load, AFileWithMistakesIsInvalid) {
  const LoadError error = error_of(file("colour: red\ndry_run: maybe\n"));

  EXPECT_EQ(error.exit_status(), 78);
  EXPECT_EQ(error.errors.size(), 2U);
}

TEST_F(Load, AFileOfTheLargestSizeIsRead) {
  std::string text = "dry_run: true\n";
  text.append(max_config_bytes - text.size(), '#');

  EXPECT_TRUE(std::holds_alternative<Config>(load_config(file(text))));
  EXPECT_EQ(error_of(file(text + "#")).errors.at(0).message, "longer than 65536 bytes");
}

TEST_F(Load, AFileWithoutEndIsRefused) {
  EXPECT_EQ(error_of("/dev/zero").errors.at(0).message, "longer than 65536 bytes");
}

TEST_F(Load, TheClassifiersTableComesWithTheFileThatNamesIt) {
  const std::string table = path_ + ".csv";
  std::ofstream{table} << "pianissimo-classifier,1\nwindow_ms,500\n"
                          "node,feature,at_most,then,else,class\n0,,,,,light\n";

  const auto loaded = load_config(file("traffic: {classifier: " + table + "}\n"));
  std::filesystem::remove(table);

  ASSERT_TRUE(std::holds_alternative<Config>(loaded));
  const auto& config = std::get<Config>(loaded);
  EXPECT_EQ(std::get<TrafficTree>(config.traffic.classifier).nodes.size(), 1u);
  EXPECT_EQ(std::get<Config>(parse_config(to_json(config))), config)
      << "a journal holds the table, and replay needs no file";
}

TEST_F(Load, AClassifierThatIsNotThereOrWrongIsSaidWithItsLine) {
  const std::string table = path_ + ".csv";
  const std::string config = file("traffic: {classifier: " + table + "}\n");
  EXPECT_EQ(error_of(config).errors.at(0).key, "traffic.classifier");
  EXPECT_EQ(error_of(config).errors.at(0).message, table + ": No such file or directory");
  EXPECT_EQ(error_of(config).exit_status(), 78);

  std::ofstream{table} << "pianissimo-classifier,1\nwindow_ms,500\n"
                          "node,feature,at_most,then,else,class\n0,,,,,heavy\n";

  EXPECT_EQ(error_of(config).errors.at(0).message,
            table + ":4: class: 'heavy' is none of idle, light, saturated");
  std::filesystem::remove(table);
}

TEST_F(Load, AMinusIsStandardInput) {
  const std::string path = file("interval_ms: 200\n");
  const int saved = dup(STDIN_FILENO);
  ASSERT_NE(std::freopen(path.c_str(), "r", stdin), nullptr);

  const auto loaded = load_config("-");

  dup2(saved, STDIN_FILENO);
  close(saved);
  ASSERT_TRUE(std::holds_alternative<Config>(loaded));
  EXPECT_EQ(std::get<Config>(loaded).interval, std::chrono::milliseconds{200});
}

}  // namespace
}  // namespace pianissimo
