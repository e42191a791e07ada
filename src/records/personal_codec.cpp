#include "records/codec.hpp"
#include "records/records.pb.h"
#include "records/wire.hpp"

namespace hotline {
namespace wire {
namespace {

constexpr std::uint32_t plain_key = 0;

void write(const Personal& from, records::PersonalBody& to) {
  if (from.caller != Caller{}) {
    to.mutable_caller()->set_name(from.caller.name);
    to.mutable_caller()->set_phone(from.caller.phone);
  }
  to.set_title(from.title);
  to.set_content(from.content);
  to.set_address(from.address);
  if (from.location) {
    to.mutable_location()->set_lat(from.location->lat);
    to.mutable_location()->set_lon(from.location->lon);
  }
  to.set_recording_id(from.recording_id);
  for (const auto& attachment : from.attachments) {
    auto& added = *to.add_attachments();
    added.set_name(attachment.name);
    added.set_url(attachment.url);
  }
  to.set_extra(from.extra);
  for (const auto& remark : from.remarks) {
    auto& added = *to.add_remarks();
    added.set_version(remark.version);
    added.set_at(millis(remark.at));
    added.set_actor(remark.actor);
    added.set_kind(remark.kind);
    added.set_text(remark.text);
  }
}

void read(Decoding& decoding, const records::PersonalBody& from, Personal& to) {
  decoding.whole(from, "plain");
  decoding.whole(from.caller(), "caller");
  to.caller = {from.caller().name(), from.caller().phone()};
  to.title = from.title();
  to.content = from.content();
  to.address = from.address();
  if (from.has_location()) {
    decoding.whole(from.location(), "location");
    to.location = Location{from.location().lat(), from.location().lon()};
  }
  to.recording_id = from.recording_id();
  for (const auto& attachment : from.attachments()) {
    decoding.whole(attachment, "attachments");
    to.attachments.push_back({attachment.name(), attachment.url()});
  }
  to.extra = from.extra();
  for (const auto& remark : from.remarks()) {
    decoding.whole(remark, "remarks");
    to.remarks.push_back(
        {remark.version(), time_of(remark.at()), remark.actor(), remark.kind(), remark.text()});
  }
}

}  // namespace
}  // namespace wire

std::string encode(const Personal& personal) {
  auto& message = wire::scratch<records::Personal>();
  message.set_key_id(wire::plain_key);
  wire::write(personal, *message.mutable_plain());
  return message.SerializeAsString();
}

Result<Personal> decode_personal(std::string_view bytes) {
  const auto read = [](auto& decoding, const records::Personal& from, Personal& to) {
    if (from.key_id() != wire::plain_key) {
      decoding.refuse("key_id", "no key " + std::to_string(from.key_id()));
      return;
    }
    decoding.require(from.has_plain() && from.sealed().empty(), "plain", "missing");
    wire::read(decoding, from.plain(), to);
  };
  return wire::decode<Personal, records::Personal>(Space::personal, bytes, read);
}

}  // namespace hotline
