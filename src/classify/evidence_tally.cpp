#include "classify/evidence_tally.hpp"

#include <algorithm>

#include "classify/evidence.hpp"

namespace hotline::classify {

void EvidenceTally::weigh(Findings& findings, const Circumstances& circumstances) {
  const std::span<Hit> hits = findings.topic.view();
  std::sort(hits.begin(), hits.end(),
            [](const Hit& a, const Hit& b) { return a.phrase < b.phrase; });
  for (std::size_t begin = 0; begin < hits.size();) {
    std::size_t end = begin + 1;
    while (end < hits.size() && hits[end].phrase == hits[begin].phrase) ++end;
    weigh_phrase(hits.subspan(begin, end - begin), findings, circumstances);
    begin = end;
  }
  const std::span<Score> scores = scores_.view();
  std::sort(scores.begin(), scores.end(), [](const Score& a, const Score& b) {
    return a.evidence != b.evidence ? a.evidence > b.evidence : a.category < b.category;
  });
}

void EvidenceTally::weigh_phrase(std::span<const Hit> hits, const Findings& findings,
                                 const Circumstances& circumstances) {
  double place = 0;
  for (const Hit& hit : hits) place = std::max(place, place_factor(hit));
  const double factor = place * repeat_factor(hits.size());
  const Phrase& phrase = phrases_.phrases()[hits.front().phrase];
  for (const std::uint32_t number : phrase.rules) {
    const Rule& rule = phrases_.rules()[number];
    if (!applies(rule, number, findings, circumstances)) continue;
    add(rule, phrase, rule.weight * factor, circumstances.day);
  }
}

bool EvidenceTally::applies(const Rule& rule, std::uint32_t number, const Findings& findings,
                            const Circumstances& circumstances) const {
  const std::uint32_t type = 1U << static_cast<unsigned>(circumstances.type);
  if (rule.types != 0 && (rule.types & type) == 0) return false;
  if (!rule.channels.empty() && std::find(rule.channels.begin(), rule.channels.end(),
                                          circumstances.channel) == rule.channels.end()) {
    return false;
  }
  if (!rule.has_unless) return true;
  const std::span<const Hit> stops = findings.unless.view();
  return std::none_of(stops.begin(), stops.end(), [&](const Hit& hit) {
    const std::vector<std::uint32_t>& stopped = phrases_.phrases()[hit.phrase].unless;
    return std::find(stopped.begin(), stopped.end(), number) != stopped.end();
  });
}

void EvidenceTally::add(const Rule& rule, const Phrase& phrase, double evidence, Day day) {
  const std::span<Score> scores = scores_.view();
  const auto known = std::find_if(scores.begin(), scores.end(), [&](const Score& score) {
    return score.category == rule.category;
  });
  if (known != scores.end()) {
    known->evidence += evidence;
  } else {
    const CategoryRow* row = directory_.in_force(rule.category, day);
    if (row == nullptr || !scores_.add({rule.category, row, evidence})) return;
  }
  contributions_.add({rule.category, &rule.id, &phrase.text, evidence});
}

}  // namespace hotline::classify
