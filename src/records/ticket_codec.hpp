#pragma once

#include "domain/ticket.hpp"
#include "records/wire.hpp"

namespace hotline::records {
class Assignment;
class DueTimes;
class Objection;
class Rating;
class Ticket;
}  // namespace hotline::records

// The parts of a ticket that events hold as well. Not for other folders.

namespace hotline::wire {

void write(const Ticket& from, records::Ticket& to);
void read(Decoding& decoding, const records::Ticket& from, Ticket& to);

void write(const Assignment& from, records::Assignment& to);
void read(Decoding& decoding, const records::Assignment& from, Assignment& to);

void write(const Objection& from, records::Objection& to);
void read(Decoding& decoding, const records::Objection& from, Objection& to);

void write(const DueTimes& from, records::DueTimes& to);
void read(Decoding& decoding, const records::DueTimes& from, DueTimes& to);

void write(const Rating& from, records::Rating& to);
void read(Decoding& decoding, const records::Rating& from, Rating& to);

}  // namespace hotline::wire
