#include "nl80211/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace wire;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = Conversation::State;
using Kind = Conversation::Kind;

constexpr unsigned family = 28;
constexpr unsigned sequence = 1;
constexpr unsigned port = 77;

Buffer reply(unsigned command, unsigned flags = 0) {
  return generic({.type = family, .flags = flags}, command, attribute(1, u32(command)));
}
Buffer part(unsigned command) { return reply(command, NLM_F_MULTI); }

Buffer done(std::int32_t status = 0, unsigned flags = NLM_F_MULTI) {
  return message({.type = NLMSG_DONE, .flags = flags}, u32(static_cast<std::uint32_t>(status)));
}

/// struct nlmsgerr: the error, the request's head, nothing of the request itself (NLM_F_CAPPED).
Buffer error(std::int32_t negative_errno, unsigned more_flags = 0, const Buffer& more = {}) {
  return message({.type = NLMSG_ERROR, .flags = NLM_F_CAPPED | more_flags},
                 join({u32(static_cast<std::uint32_t>(negative_errno)), u32(36), u16(family),
                       u16(NLM_F_REQUEST | NLM_F_ACK), u32(sequence), u32(port), more}));
}
Buffer acknowledgement() { return error(0); }

/// A conversation and what it showed.
struct Talk {
  explicit Talk(Kind kind) : conversation{kind, family, sequence, port} {}

  State hear(const Buffer& datagram) {
    return conversation.feed(datagram, [this](const GenericMessage& message) {
      commands.push_back(message.command);
      return refusal;
    });
  }

  Conversation conversation;
  std::vector<int> commands;
  boost::system::error_code refusal;
};

TEST(Conversation, AnActionEndsWithItsAcknowledgement) {
  Talk talk{Kind::action};

  EXPECT_EQ(talk.hear(reply(5)), State::more);
  EXPECT_EQ(talk.hear(acknowledgement()), State::done);

  EXPECT_THAT(talk.commands, ElementsAre(5));
  EXPECT_TRUE(talk.conversation.over());
}

TEST(Conversation, AnActionMayHaveNoReply) {
  Talk talk{Kind::action};

  EXPECT_EQ(talk.hear(acknowledgement()), State::done);
  EXPECT_THAT(talk.commands, IsEmpty());
}

TEST(Conversation, ADumpComesInManyDatagrams) {
  Talk talk{Kind::dump};

  EXPECT_EQ(talk.hear(join({part(1), part(2)})), State::more);
  EXPECT_EQ(talk.hear(part(3)), State::more);
  EXPECT_EQ(talk.hear(done()), State::done);

  EXPECT_THAT(talk.commands, ElementsAre(1, 2, 3));
  EXPECT_FALSE(talk.conversation.interrupted());
}

TEST(Conversation, ADumpsEndMayShareADatagram) {
  Talk talk{Kind::dump};

  EXPECT_EQ(talk.hear(join({part(1), done()})), State::done);
  EXPECT_THAT(talk.commands, ElementsAre(1));
}

TEST(Conversation, AnAcknowledgementDoesNotEndADump) {
  Talk talk{Kind::dump};

  EXPECT_EQ(talk.hear(acknowledgement()), State::more);
  EXPECT_EQ(talk.hear(done()), State::done);
}

TEST(Conversation, WhatComesAfterTheEndIsNotHeard) {
  Talk talk{Kind::dump};

  talk.hear(join({part(1), done(), part(2)}));
  talk.hear(part(3));

  EXPECT_THAT(talk.commands, ElementsAre(1));
}

TEST(Conversation, ARefusalIsAnErrno) {
  for (const int number : {EPERM, EBUSY, ENODEV, EOPNOTSUPP, ENOBUFS, EINVAL}) {
    Talk talk{Kind::action};

    EXPECT_EQ(talk.hear(error(-number)), State::failed);

    EXPECT_EQ(talk.conversation.error(), Error::from_errno(number));
    EXPECT_TRUE(talk.conversation.over());
  }
}

TEST(Conversation, ARefusalKeepsTheKernelsWords) {
  Talk talk{Kind::action};

  talk.hear(error(-EINVAL, NLM_F_ACK_TLVS,
                  join({attribute(NLMSGERR_ATTR_OFFS, u32(20)),
                        attribute(NLMSGERR_ATTR_MSG, text("power too high"))})));

  EXPECT_EQ(talk.conversation.error().text, "power too high");
  EXPECT_EQ(talk.conversation.error().message(), "Invalid argument: power too high");
}

TEST(Conversation, TheWordsComeAfterTheRequestWhereItIsRepeated) {
  Talk talk{Kind::action};
  const Buffer request = attribute(1, u64(1));
  const Buffer bytes = message(
      {.type = NLMSG_ERROR, .flags = NLM_F_ACK_TLVS},
      join({u32(static_cast<std::uint32_t>(-EINVAL)), u32(16 + 12), u16(family), u16(NLM_F_REQUEST),
            u32(sequence), u32(port), request, attribute(NLMSGERR_ATTR_MSG, text("no"))}));

  talk.hear(bytes);

  EXPECT_EQ(talk.conversation.error().text, "no");
}

TEST(Conversation, BrokenWordsAreNone) {
  Talk talk{Kind::action};

  talk.hear(error(-EINVAL, NLM_F_ACK_TLVS, join({u16(200), u16(NLMSGERR_ATTR_MSG), u32(0)})));

  EXPECT_EQ(talk.conversation.error(), Error::from_errno(EINVAL));
}

TEST(Conversation, ADumpMayBeRefusedAtItsEnd) {
  Talk talk{Kind::dump};

  talk.hear(done(-ENODEV));

  EXPECT_EQ(talk.conversation.error(), Error::from_errno(ENODEV));
}

TEST(Conversation, ADumpMayBeRefusedAtOnce) {
  Talk talk{Kind::dump};

  EXPECT_EQ(talk.hear(error(-EBUSY)), State::failed);
  EXPECT_EQ(talk.conversation.error(), Error::from_errno(EBUSY));
}

TEST(Conversation, AnInterruptedDumpSaysSo) {
  Talk early{Kind::dump};
  early.hear(join({reply(1, NLM_F_MULTI | NLM_F_DUMP_INTR), part(2), done()}));
  Talk at_the_end{Kind::dump};
  at_the_end.hear(join({part(1), done(0, NLM_F_MULTI | NLM_F_DUMP_INTR)}));

  EXPECT_TRUE(early.conversation.interrupted());
  EXPECT_EQ(early.conversation.state(), State::done);
  EXPECT_TRUE(at_the_end.conversation.interrupted());
}

TEST(Conversation, StaleRepliesAreSkipped) {
  Talk talk{Kind::action};
  const Buffer older = generic({.type = family, .sequence = sequence - 1}, 9, {});
  const Buffer foreign = generic({.type = family, .port = port + 1}, 9, {});
  const Buffer old_end = message({.type = NLMSG_DONE, .sequence = sequence - 1}, u32(0));

  EXPECT_EQ(talk.hear(join({older, foreign, old_end})), State::more);
  EXPECT_EQ(talk.hear(join({older, reply(5), acknowledgement()})), State::done);

  EXPECT_THAT(talk.commands, ElementsAre(5));
}

TEST(Conversation, OtherFamiliesAndEmptyMessagesAreSkipped) {
  Talk talk{Kind::action};

  talk.hear(join({generic({.type = family + 1}, 9, {}), message({.type = NLMSG_NOOP}, {}),
                  acknowledgement()}));

  EXPECT_EQ(talk.conversation.state(), State::done);
  EXPECT_THAT(talk.commands, IsEmpty());
}

TEST(Conversation, AnOverrunIsAnError) {
  Talk talk{Kind::dump};

  EXPECT_EQ(talk.hear(message({.type = NLMSG_OVERRUN}, {})), State::failed);
  EXPECT_EQ(talk.conversation.error(), Error::from_errno(ENOBUFS));
  EXPECT_FALSE(talk.conversation.over());
}

TEST(Conversation, TheListenerMayRefuse) {
  Talk talk{Kind::dump};
  talk.refusal = Errc::malformed;

  EXPECT_EQ(talk.hear(join({part(1), part(2), done()})), State::failed);

  EXPECT_THAT(talk.commands, ElementsAre(1));
  EXPECT_EQ(talk.conversation.error(), Error{Errc::malformed});
  EXPECT_FALSE(talk.conversation.over()) << "the kernel may say more";
}

TEST(Conversation, BrokenMessagesAreErrors) {
  const Buffer whole = part(1);
  const Buffer headless = message({.type = family}, u16(1));       // no generic netlink head
  const Buffer wordless = message({.type = NLMSG_ERROR}, u32(0));  // no struct nlmsgerr
  const Buffer endless = message({.type = NLMSG_DONE}, u16(0));    // no status
  const Buffer absurd = error(5);                                  // errno is negative here
  const Buffer abyss = error(std::numeric_limits<std::int32_t>::min());
  for (const Buffer& bytes :
       {Buffer{whole.begin(), whole.begin() + 15}, Buffer{whole.begin(), whole.end() - 1}, headless,
        wordless, endless, absurd, abyss}) {
    Talk talk{Kind::action};
    EXPECT_EQ(talk.hear(bytes), State::failed);
    EXPECT_EQ(talk.conversation.error(), Error{Errc::malformed});
  }
}

TEST(Conversation, AnEmptyDatagramIsNothing) {
  Talk talk{Kind::action};

  EXPECT_EQ(talk.hear({}), State::more);
}

}  // namespace
}  // namespace pianissimo::nl80211
