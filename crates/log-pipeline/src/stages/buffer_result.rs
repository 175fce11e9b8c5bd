//! The results of stages that hold entries back.

use super::pipeline_entry::PipelineEntry;

/// The result of giving an entry to a stage that holds entries back.
#[derive(Debug)]
pub(crate) enum BufferResult<'a> {
    /// The entry goes to the next stage.
    Pass(PipelineEntry<'a>),
    /// The entry is held back, and these entries are complete.
    Hold(Vec<PipelineEntry<'static>>),
}
