#include "nl80211/error.hpp"

#include <gtest/gtest.h>

namespace pianissimo::nl80211 {
namespace {

TEST(AnswerTo, SaysWhatARefusalMeans) {
  const auto answer = [](int number) { return answer_to(Error::from_errno(number)); };

  for (const int number : {EBUSY, EAGAIN, ENOBUFS, ENOMEM, ETIMEDOUT, ENETDOWN})
    EXPECT_EQ(answer(number), PowerAnswer::busy) << number;
  for (const int number : {ENODEV, ENOENT}) EXPECT_EQ(answer(number), PowerAnswer::gone) << number;
  for (const int number : {EPERM, EACCES})
    EXPECT_EQ(answer(number), PowerAnswer::not_permitted) << number;
  for (const int number : {EOPNOTSUPP, EINVAL, ERANGE, EIO})
    EXPECT_EQ(answer(number), PowerAnswer::unsupported) << number;
}

TEST(AnswerTo, OurOwnTroubleIsNoRefusal) {
  EXPECT_EQ(answer_to(Error{Errc::timed_out}), PowerAnswer::busy);
  EXPECT_EQ(answer_to(Error{Errc::malformed}), PowerAnswer::busy);
  EXPECT_EQ(answer_to(Error{Errc::truncated}), PowerAnswer::busy);
  EXPECT_EQ(answer_to(Error{Errc::no_netdev}), PowerAnswer::gone);
}

TEST(Error, AlwaysHasAnErrno) {
  EXPECT_EQ(Error::from_errno(EBUSY).as_errno(), EBUSY);
  EXPECT_EQ(Error{Errc::timed_out}.as_errno(), ETIMEDOUT);
  EXPECT_EQ(Error{Errc::malformed}.as_errno(), EBADMSG);
  EXPECT_EQ(Error{Errc::no_family}.as_errno(), EPROTONOSUPPORT);
  EXPECT_EQ(Error{Errc::no_netdev}.as_errno(), ENODEV);
  EXPECT_EQ(Error{Errc::truncated}.as_errno(), EMSGSIZE);
  EXPECT_NE(Error{}.as_errno(), 0);
}

TEST(Error, SaysWhatHappened) {
  EXPECT_EQ(Error::from_errno(EPERM).message(), "Operation not permitted");
  EXPECT_EQ(Error{Errc::no_family}.message(), "this kernel has no nl80211");
  EXPECT_EQ(Error::from_errno(EINVAL, "bad level").message(), "Invalid argument: bad level");
}

TEST(Result, ThrowsItsErrorToThoseWhoDoNotLook) {
  const Result<int> result = Error::from_errno(EPERM, "really not");

  try {
    static_cast<void>(result.value());
    FAIL();
  } catch (const boost::system::system_error& thrown) {
    EXPECT_EQ(thrown.code().value(), EPERM);
  }
}

}  // namespace
}  // namespace pianissimo::nl80211
