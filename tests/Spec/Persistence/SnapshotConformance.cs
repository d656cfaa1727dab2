using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Snapshot;

namespace Picket.Spec.Persistence;

/// <summary>What every snapshot store must do. A store's tests derive from it.</summary>
public abstract class SnapshotConformance : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTime Noon = new(2026, 2, 28, 12, 0, 0, DateTimeKind.Utc);

    private ISnapshotStore _store = null!;

    /// <summary>Opens the store of this test: the second time with what the first has left.</summary>
    protected abstract Task<ISnapshotStore> OpenAsync();

    public virtual async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_unknown_id_has_no_snapshot()
    {
        Assert.Null(await Load("nobody", SnapshotSelectionCriteria.Latest));
        await _store.DeleteAsync("nobody", SnapshotSelectionCriteria.Latest, None);
        await _store.DeleteAsync(new SnapshotMetadata("nobody", 1), None);
    }

    [Fact]
    public async Task A_snapshot_comes_back_as_it_was_saved()
    {
        var metadata = new SnapshotMetadata("a", 7, Noon.AddTicks(1));
        await _store.SaveAsync(metadata, "state ä\0", None);
        Assert.Equal(new SelectedSnapshot(metadata, "state ä\0"), await Load("a", SnapshotSelectionCriteria.Latest));
        await _store.DisposeAsync();
        _store = await OpenAsync();
        var again = await Load("a", SnapshotSelectionCriteria.Latest);
        Assert.Equal(new SelectedSnapshot(metadata, "state ä\0"), again);
        Assert.Equal(DateTimeKind.Utc, again!.Metadata.Timestamp.Kind);
    }

    [Fact]
    public async Task The_highest_number_among_those_meant_is_loaded()
    {
        // Times run against numbers, so that neither can stand for the other.
        for (var nr = 1; nr <= 5; nr++) await _store.SaveAsync(new SnapshotMetadata("a", nr * 10, Noon.AddHours(-nr)), $"s{nr}", None);
        await _store.SaveAsync(new SnapshotMetadata("b", 99, Noon), "other", None);
        Assert.Equal("s5", await State(SnapshotSelectionCriteria.Latest));
        Assert.Equal("s3", await State(new SnapshotSelectionCriteria(39)));
        Assert.Equal("s4", await State(new SnapshotSelectionCriteria(40)));
        Assert.Equal("s5", await State(new SnapshotSelectionCriteria(long.MaxValue, Noon.AddHours(-2))));
        Assert.Equal("s2", await State(new SnapshotSelectionCriteria(long.MaxValue, DateTime.MaxValue, 0, Noon.AddHours(-2))));
        Assert.Null(await State(new SnapshotSelectionCriteria(long.MaxValue, Noon.AddHours(-5).AddTicks(-1))));
        Assert.Null(await State(new SnapshotSelectionCriteria(long.MaxValue, DateTime.MaxValue, 51)));
        Assert.Equal("s5", await State(new SnapshotSelectionCriteria(long.MaxValue, DateTime.MaxValue, 50)));
        Assert.Null(await State(new SnapshotSelectionCriteria(9)));
        Assert.Null(await State(SnapshotSelectionCriteria.None));
    }

    [Fact]
    public async Task A_second_snapshot_of_a_number_takes_the_firsts_place()
    {
        await _store.SaveAsync(new SnapshotMetadata("a", 1, Noon), "first", None);
        await _store.SaveAsync(new SnapshotMetadata("a", 1, Noon.AddHours(1)), "second", None);
        Assert.Equal(new SelectedSnapshot(new SnapshotMetadata("a", 1, Noon.AddHours(1)), "second"), await Load("a", SnapshotSelectionCriteria.Latest));
        await _store.DeleteAsync(new SnapshotMetadata("a", 1), None);
        Assert.Null(await Load("a", SnapshotSelectionCriteria.Latest));
    }

    [Fact]
    public async Task One_snapshot_is_deleted_by_its_number_and_where_given_its_time()
    {
        for (var nr = 1; nr <= 3; nr++) await _store.SaveAsync(new SnapshotMetadata("a", nr, Noon.AddHours(nr)), $"s{nr}", None);
        await _store.DeleteAsync(new SnapshotMetadata("a", 3), None);
        Assert.Equal("s2", await State(SnapshotSelectionCriteria.Latest));
        await _store.DeleteAsync(new SnapshotMetadata("a", 2, Noon), None);
        Assert.Equal("s2", await State(SnapshotSelectionCriteria.Latest));
        await _store.DeleteAsync(new SnapshotMetadata("a", 2, Noon.AddHours(2)), None);
        Assert.Equal("s1", await State(SnapshotSelectionCriteria.Latest));
    }

    [Fact]
    public async Task Those_meant_are_deleted_and_no_others()
    {
        foreach (var id in (string[])["a", "A", "b"])
        {
            for (var nr = 1; nr <= 4; nr++) await _store.SaveAsync(new SnapshotMetadata(id, nr, Noon.AddHours(nr)), $"s{nr}", None);
        }

        await _store.DeleteAsync("a", new SnapshotSelectionCriteria(3, Noon.AddHours(2)), None);
        Assert.Equal("s4", await State(SnapshotSelectionCriteria.Latest));
        Assert.Equal("s3", await State(new SnapshotSelectionCriteria(3)));
        Assert.Null(await State(new SnapshotSelectionCriteria(2)));
        await _store.DeleteAsync("a", SnapshotSelectionCriteria.Latest, None);
        Assert.Null(await State(SnapshotSelectionCriteria.Latest));
        Assert.Equal("s4", (await Load("b", SnapshotSelectionCriteria.Latest))!.Snapshot);
        Assert.Equal("s1", (await Load("A", new SnapshotSelectionCriteria(1)))!.Snapshot);
    }

    private Task<SelectedSnapshot?> Load(string id, SnapshotSelectionCriteria criteria) => _store.LoadAsync(id, criteria, None);

    private async Task<object?> State(SnapshotSelectionCriteria criteria) => (await Load("a", criteria))?.Snapshot;
}
