//! The lengths that an Arrow file claims, held to the file before polars takes them at their word.
//!
//! An allocation that fails ends the program, so that no claim may be larger than what the file can hold.

use super::unpacked::room;
use crate::source::Source;
use polars_arrow_format::ipc::planus::ReadAsRoot;
use polars_arrow_format::ipc::{BlockRef, FooterRef, MessageHeaderRef, MessageRef, RecordBatchRef};

/// The magic word and its padding at the end of a file, and the footer's length before it.
const END: usize = 10;

/// What is wrong with a claim: the file is damaged, or it would come to far more than it weighs.
pub(super) enum Claim {
    Damaged,
    Large,
}

/// # Errors
/// At the first claim that does not hold.
pub(super) fn arrow(source: &Source) -> Result<(), Claim> {
    let footer = footer(&source.bytes).ok_or(Claim::Damaged)?;
    let damaged = |_| Claim::Damaged;
    let dictionaries = footer.dictionaries().map_err(damaged)?;
    let batches = footer.record_batches().map_err(damaged)?;
    for block in dictionaries
        .into_iter()
        .flatten()
        .chain(batches.into_iter().flatten())
    {
        let (message, body) = message(&source.bytes, &block).ok_or(Claim::Damaged)?;
        match message.header().map_err(damaged)? {
            Some(MessageHeaderRef::RecordBatch(batch)) => of_batch(source, &batch, body)?,
            Some(MessageHeaderRef::DictionaryBatch(dictionary)) => {
                let batch = dictionary.data().map_err(damaged)?.ok_or(Claim::Damaged)?;
                of_batch(source, &batch, body)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn footer(bytes: &[u8]) -> Option<FooterRef<'_>> {
    let end = bytes.len().checked_sub(END)?;
    let length = bytes.get(end..end.checked_add(4)?)?;
    let length = usize::try_from(i32::from_le_bytes(length.try_into().ok()?)).ok()?;
    FooterRef::read_as_root(bytes.get(end.checked_sub(length)?..end)?).ok()
}

/// A block's message and its body.
fn message<'a>(bytes: &'a [u8], block: &BlockRef<'_>) -> Option<(MessageRef<'a>, &'a [u8])> {
    let start = usize::try_from(block.offset()).ok()?;
    let after = start.checked_add(usize::try_from(block.meta_data_length()).ok()?)?;
    let end = after.checked_add(usize::try_from(block.body_length()).ok()?)?;
    let meta = bytes.get(start..after)?;
    // A continuation mark and the length of the message stand before it; older files have the length alone.
    let skipped = if meta.starts_with(&[0xFF; 4]) { 8 } else { 4 };
    let message = MessageRef::read_as_root(meta.get(skipped..)?).ok()?;
    Some((message, bytes.get(after..end)?))
}

fn of_batch(source: &Source, batch: &RecordBatchRef<'_>, body: &[u8]) -> Result<(), Claim> {
    let damaged = |_| Claim::Damaged;
    let most = room(source);
    let held = |claim: i64| match u64::try_from(claim) {
        Err(_) => Err(Claim::Damaged),
        Ok(claim) if claim > most => Err(Claim::Large),
        Ok(_) => Ok(()),
    };
    held(batch.length().map_err(damaged)?)?;
    for node in batch.nodes().map_err(damaged)?.into_iter().flatten() {
        held(node.length())?;
        held(node.null_count())?;
    }
    let packed = batch.compression().map_err(damaged)?.is_some();
    for buffer in batch.buffers().map_err(damaged)?.into_iter().flatten() {
        let bytes = within(body, buffer.offset(), buffer.length()).ok_or(Claim::Damaged)?;
        // A packed buffer opens with what it unpacks to; −1 where it is not packed after all.
        let claim = bytes.get(..8).filter(|_| packed).and_then(|b| b.try_into().ok());
        match claim.map(i64::from_le_bytes) {
            None | Some(-1) => {}
            Some(claim) => held(claim)?,
        }
    }
    Ok(())
}

fn within(body: &[u8], offset: i64, length: i64) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    body.get(start..start.checked_add(usize::try_from(length).ok()?)?)
}
