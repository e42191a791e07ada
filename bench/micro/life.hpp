#pragma once

#include <vector>

#include "domain/rules.hpp"

namespace bench {

/// One step of a ticket's life: the ticket before (null at intake), the move, and when.
struct Step {
  const hotline::Ticket* before = nullptr;
  hotline::Move move;
  hotline::Time now{};
};

/// A ticket from intake to its satisfied call-back, with every state that it went through.
class Life {
 public:
  Life();
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

  Step intake;
  Step sign;
  Step answer;
  Step callback;
  hotline::Change intake_change;  ///< what is stored of the intake
  hotline::Personal personal;     ///< after the intake
  const hotline::Ticket& closed() const { return closed_; }

  static const hotline::Actor& clerk();
  static const hotline::Policy& policy();
  static hotline::Change change_of(const Step& step);

 private:
  static hotline::Ticket after(const Step& step);

  hotline::Ticket dispatched_;
  hotline::Ticket signed_;
  hotline::Ticket waiting_;  ///< for its call-back
  hotline::Ticket called_;   ///< its call-back is due
  hotline::Ticket closed_;
};

}  // namespace bench
