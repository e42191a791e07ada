#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "classify/automaton.hpp"
#include "classify/catalogue_files.hpp"
#include "classify/directory.hpp"

namespace hotline::classify {

/// A rule as it is applied: codes resolved, phrases in the automaton.
struct Rule {
  std::string id;
  std::uint32_t category = 0;  ///< index in `Directory::categories`
  double weight = 0;
  std::uint32_t types = 0;            ///< bit (1 << TicketType), 0: any
  std::vector<std::string> channels;  ///< empty: any
  bool has_unless = false;
};

/// One phrase and everything that the catalogue says with it, as indexes.
struct Phrase {
  std::string text;  ///< as the catalogue writes it
  std::vector<std::uint32_t> rules;
  std::vector<std::uint32_t> special;
  std::vector<std::uint32_t> regions;  ///< in `Directory::regions`
  std::vector<std::uint32_t> unless;   ///< rules that it switches off
};

/// All phrases of a catalogue with the automaton that finds them. `Emit::phrase` is an index into
/// `phrases()`.
class Phrasebook {
 public:
  Phrasebook(const CatalogueFiles& files, const Directory& directory);

  const std::vector<Phrase>& phrases() const { return phrases_; }
  const std::vector<Rule>& rules() const { return rules_; }
  const std::vector<SpecialRow>& special() const { return special_; }
  const Automaton& automaton() const { return automaton_; }

 private:
  /// Gathers phrases that several rows share.
  struct Collector {
    std::map<std::u32string, std::uint32_t> numbers;
    std::vector<Pattern> patterns;
    std::vector<Phrase> phrases;

    /// Adds `number` to the uses of `text` for which `uses` says.
    void enter(const std::string& text, Layer layer, std::vector<std::uint32_t> Phrase::*uses,
               std::uint32_t number);
    /// The phrase that `text` is, whatever it is used for.
    Phrase& phrase(const std::string& text, Layer layer);
  };

  void collect_rules(const CatalogueFiles& files, const Directory& directory, Collector& collector);
  void collect_special(Collector& collector) const;
  static void collect_regions(const CatalogueFiles& files, const Directory& directory,
                              Collector& collector);

  std::vector<Rule> rules_;
  std::vector<SpecialRow> special_;
  std::vector<Phrase> phrases_;
  Automaton automaton_{{}};
};

}  // namespace hotline::classify
