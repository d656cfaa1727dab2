using Picket.Actors.Persistence.Journal;

namespace Picket.Spec.Persistence;

public sealed class MemoryJournalTests : JournalConformance
{
    private readonly MemoryJournal _journal = new();

    protected override Task<IEventJournal> OpenAsync() => Task.FromResult<IEventJournal>(_journal);
}
