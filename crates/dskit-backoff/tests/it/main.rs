//! The integration tests, in one executable: linking one for each file takes most of the time of a build.

mod waits;
