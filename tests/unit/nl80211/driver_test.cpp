#include "nl80211/driver.hpp"

#include <gtest/gtest.h>
#include <linux/nl80211.h>
#include <unistd.h>

#include <fstream>

namespace pianissimo::nl80211 {
namespace {

namespace fs = std::filesystem;

/// A directory that looks like /sys, for one test.
class Sysfs : public ::testing::Test {
 protected:
  Sysfs()
      : root_{fs::temp_directory_path() / ("nl80211-driver-test-" + std::to_string(::getpid()))} {
    fs::create_directories(root_);
  }
  ~Sysfs() override { fs::remove_all(root_); }

  void add(const std::string& interface, const std::string& driver) {
    const fs::path device = root_ / "devices" / interface;
    fs::create_directories(device);
    fs::create_directories(root_ / "class" / "net" / interface);
    fs::create_directory_symlink(device, root_ / "class" / "net" / interface / "device");
    fs::create_directory_symlink("../../bus/pci/drivers/" + driver, device / "driver");
  }

  fs::path root_;
};

TEST_F(Sysfs, TheDriversNameIsWhereItsLinkLeads) {
  add("wlan0", "mt7615e");

  EXPECT_EQ(driver_name("wlan0", root_), "mt7615e");
}

TEST_F(Sysfs, AnInterfaceWithoutADeviceHasNoDriver) {
  fs::create_directories(root_ / "class" / "net" / "br0");

  EXPECT_EQ(driver_name("br0", root_), std::nullopt);
  EXPECT_EQ(driver_name("wlan7", root_), std::nullopt);
}

TEST_F(Sysfs, NamesThatLeadElsewhereAreRefused) {
  add("wlan0", "mt7615e");

  EXPECT_EQ(driver_name("../net/wlan0", root_), std::nullopt);
  EXPECT_EQ(driver_name("..", root_), std::nullopt);
  EXPECT_EQ(driver_name(".", root_), std::nullopt);
  EXPECT_EQ(driver_name("", root_), std::nullopt);
}

TEST_F(Sysfs, ARadiosIndexIsInItsFolder) {
  fs::create_directories(root_ / "class" / "ieee80211" / "phy-lan");
  std::ofstream{root_ / "class" / "ieee80211" / "phy-lan" / "index"} << "7\n";

  EXPECT_EQ(wiphy_index("phy-lan", root_), WiphyIndex{7});
  EXPECT_EQ(wiphy_index("phy0", root_), std::nullopt);
  EXPECT_EQ(wiphy_index("../ieee80211/phy-lan", root_), std::nullopt);
  EXPECT_EQ(wiphy_index("", root_), std::nullopt);
}

Wiphy with_interface_power() {
  Wiphy wiphy;
  wiphy.features = NL80211_FEATURE_VIF_TXPOWER;
  return wiphy;
}

TEST(DefaultPath, IsTheWiphyForDriversThatIgnoreAnInterfacesPower) {
  for (const auto* driver :
       {"ath9k", "ath9k_htc", "mt7603e", "mt76_wmac", "mt7615e", "mt7622-wmac", "mt7663u",
        "mt7663s", "mt76x0e", "mt76x0u", "mt76x2e", "mt76x2u", "mt7915e"})
    EXPECT_EQ(default_path(driver, with_interface_power()), KnobKind::wiphy) << driver;
}

TEST(DefaultPath, IsTheInterfaceForAllOthers) {
  for (const auto* driver : {"mac80211_hwsim", "mt7996e", "mt7921e", "ath10k_pci", "ath11k_pci",
                             "ath9k_new", "iwlwifi", ""})
    EXPECT_EQ(default_path(driver, with_interface_power()), KnobKind::interface) << driver;
}

TEST(DefaultPath, IsNeverTheWiphyWhereItHasSeveralRadios) {
  Wiphy wiphy = with_interface_power();
  wiphy.radios = 3;

  EXPECT_EQ(default_path("mt7915e", wiphy), KnobKind::interface);
}

TEST(DefaultPath, IsTheWiphyWhereInterfacesHaveNoPowerOfTheirOwn) {
  EXPECT_EQ(default_path("brcmfmac", Wiphy{}), KnobKind::wiphy);
}

TEST(DefaultPath, IsNeverTheStation) {
  Wiphy wiphy = with_interface_power();
  wiphy.extended_features.assign(16, 0xff);

  EXPECT_TRUE(wiphy.has_station_power());
  EXPECT_EQ(default_path("ath11k_pci", wiphy), KnobKind::interface);
}

}  // namespace
}  // namespace pianissimo::nl80211
