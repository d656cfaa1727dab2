using System.Runtime.InteropServices;
using Picket.Detection.Events;

namespace Picket.Detection.Context.Spill;

/// <summary>
/// Decides, batch by batch, whose bulk records go to disk: those of shards that lag while half of the pool is out, and then all that
/// come later for the same shard, until its lane is drained, so that inside a lane order holds.
/// </summary>
internal sealed class SpillDiversion
{
    private readonly SpillLanes _lanes;
    private readonly ContextState _state;
    private readonly Action<object> _say;
    private readonly TimeProvider _time;
    private readonly List<int> _bulk = new(1024);
    private readonly List<int> _ahead = new(1024);
    private long _lagFrom;

    public SpillDiversion(SpillLanes lanes, ContextState state, Action<object> say, TimeProvider time)
    {
        _lanes = lanes;
        _state = state;
        _say = say;
        _time = time;
        foreach (var lane in lanes.All.Where(lane => lane.IsSpilling && lane.Began.At == default)) lane.Began = (time.GetUtcNow(), 0, 0);
    }

    /// <summary>Looks at the credit once for a batch.</summary>
    public void Begin() => _lagFrom = _lanes.LagFrom(_state.ShardEdges);

    /// <summary>Puts records into a shard's lane as need be, and returns those that go to the shard itself.</summary>
    public ReadOnlySpan<int> Divert(EventBatch batch, ReadOnlySpan<int> indexes, int shard)
    {
        var lane = _lanes.All[shard];
        if (lane.IsSpilling) Settle(lane);
        if (!lane.IsSpilling)
        {
            if (indexes.IsEmpty || SpillLanes.BacklogOf(_state.ShardEdges[shard]) < _lagFrom) return indexes;
            lane.IsSpilling = true;
            lane.Began = (_time.GetUtcNow(), lane.Stage.Entered, lane.Stage.LeftBy(SpillLane.Damaged));
            _say(new SpillBegan(shard));
        }

        _bulk.Clear();
        _ahead.Clear();
        foreach (var index in indexes) (EventCategories.IsCritical(batch.Records[index].Kind) ? _ahead : _bulk).Add(index);
        if (_bulk.Count > 0)
        {
            _state.Stage.Leave(ContextState.Spilled, _bulk.Count);
            lane.Take(batch, CollectionsMarshal.AsSpan(_bulk));
            _lanes.Post.Taken(shard);
        }

        return CollectionsMarshal.AsSpan(_ahead);
    }

    /// <summary>Lets the lanes that are drained go back to the direct way.</summary>
    public void Settle()
    {
        foreach (var lane in _lanes.All.Where(lane => lane.IsSpilling)) Settle(lane);
    }

    private void Settle(SpillLane lane)
    {
        if (!lane.IsDrained) return;
        lane.IsSpilling = false;
        _say(new SpillEnded(lane.Shard, lane.Stage.Entered - lane.Began.Entered, lane.Began.At,
            lane.Stage.LeftBy(SpillLane.Damaged) - lane.Began.Damaged));
    }
}
