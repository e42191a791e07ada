#include "classify/special.hpp"

#include <algorithm>
#include <array>

#include "classify/bounded_list.hpp"
#include "classify/evidence.hpp"

namespace hotline::classify {
namespace {

/// Characters between a guard and what it guards.
constexpr std::uint32_t guard_reach_characters = 12;

class Specials {
 public:
  Specials(std::span<const Hit> hits, const Phrasebook& phrases) : hits_(hits), phrases_(phrases) {}

  /// Calls `visit(row, hit)` for every use of `kind` in the hits.
  template <typename Visit>
  void each(SpecialKind kind, const Visit& visit) const {
    for (const Hit& hit : hits_) {
      for (const std::uint32_t number : phrases_.phrases()[hit.phrase].special) {
        const SpecialRow& row = phrases_.special()[number];
        if (row.kind == kind) visit(row, hit);
      }
    }
  }

  bool guarded(const SpecialRow& row, const Hit& hit) const {
    bool found = false;
    each(SpecialKind::guard, [&](const SpecialRow& guard, const Hit& at) {
      found = found || (meant(guard, row) && near(at, hit));
    });
    return found;
  }

  const Phrase& phrase(const Hit& hit) const { return phrases_.phrases()[hit.phrase]; }

 private:
  static bool meant(const SpecialRow& guard, const SpecialRow& row) {
    if (row.kind == SpecialKind::elsewhere) return guard.to == "elsewhere";
    return guard.to == "emergency" || guard.to == row.to;
  }
  static bool near(const Hit& a, const Hit& b) {
    const std::uint32_t between = std::max(a.begin(), b.begin()) -
                                  std::min(std::max(a.begin(), b.begin()), std::min(a.end, b.end));
    return a.field == b.field && a.sentence == b.sentence && between <= guard_reach_characters;
  }

  std::span<const Hit> hits_;
  const Phrasebook& phrases_;
};

/// Adds evidence up under the name that a row points `to`. A bounded number of names.
class ByName {
 public:
  void add(const SpecialRow& row, const Phrase& phrase, double evidence) {
    for (SpecialFinding& known : sums_.view()) {
      if (known.row->to != row.to) continue;
      known.evidence += evidence;
      return;
    }
    sums_.add({&row, &phrase, evidence});
  }

  SpecialFinding heaviest() const {
    SpecialFinding best;
    for (const SpecialFinding& sum : sums_.view()) {
      if (sum.evidence > best.evidence) best = sum;
    }
    return best;
  }

 private:
  BoundedList<SpecialFinding, 16> sums_;
};

}  // namespace

SpecialFinding find_emergency(const Findings& findings, const Phrasebook& phrases) {
  const Specials specials(findings.special.view(), phrases);
  ByName services;
  specials.each(SpecialKind::emergency, [&](const SpecialRow& row, const Hit& hit) {
    if (!in_opening(hit) || specials.guarded(row, hit)) return;
    services.add(row, specials.phrase(hit), row.weight * place_factor(hit));
  });
  return services.heaviest();
}

SpecialFinding find_elsewhere(const Findings& findings, const Phrasebook& phrases) {
  const Specials specials(findings.special.view(), phrases);
  ByName channels;
  specials.each(SpecialKind::elsewhere, [&](const SpecialRow& row, const Hit& hit) {
    if (specials.guarded(row, hit)) return;
    const double place = in_opening(hit) ? place_factor(hit) : late_place;
    channels.add(row, specials.phrase(hit), row.weight * place);
  });
  return channels.heaviest();
}

SpecialFinding find_type(const Findings& findings, const Phrasebook& phrases) {
  const Specials specials(findings.type.view(), phrases);
  ByName types;
  specials.each(SpecialKind::type, [&](const SpecialRow& row, const Hit& hit) {
    types.add(row, specials.phrase(hit), row.weight * place_factor(hit));
  });
  return types.heaviest();
}

TicketType type_of(const SpecialFinding& finding) {
  if (finding.row == nullptr) return TicketType::help;
  return parse<TicketType>(finding.row->to).value_or(TicketType::help);
}

}  // namespace hotline::classify
