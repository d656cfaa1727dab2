using System.Buffers.Binary;
using Picket.Actors;
using Picket.Actors.Persistence;

namespace Picket.Persister;

/// <summary>
/// Persists its numbered events, one command after the other, by all ways there are, and tells of each whose handler ran. Now and then it
/// saves its state, which is the sum over all events.
/// </summary>
internal sealed class NumberingActor : ReceivePersistentActor
{
    /// <summary>Commands under way at the most, where the way to persist lets more come in.</summary>
    private const int MostUnderWay = 4;

    private readonly PersisterOptions _options;
    private readonly int _id;
    private readonly Report _report;
    private readonly Random _random;
    private long _issued;
    private long _seen;
    private ulong _state;
    private int _underWay;

    public NumberingActor(PersisterOptions options, int id, Report report)
    {
        _options = options;
        _id = id;
        _report = report;
        _random = new Random(options.Run * 1000 + id);
        Recover<SnapshotOffer>(offer =>
        {
            var bytes = (byte[])offer.Snapshot;
            _seen = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            _state = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8));
            if (_seen != offer.Metadata.SequenceNr) throw new InvalidDataException($"the snapshot of {offer.Metadata.SequenceNr} was taken at {_seen}");
            TellState(Kind.Offered);
        });
        Recover<byte[]>(e => _report.TellLater(See(Kind.Replayed, e)));
        Recover<RecoveryCompleted>(_ =>
        {
            _issued = _seen;
            TellState(Kind.Recovered);
            Self.Tell(Next.Instance);
        });
        Command<Next>(_ => Persist());
        Command<SaveSnapshotSuccess>(saved => _report.Tell(new Frame(Kind.Saved, (byte)_id, 0, 0, (uint)saved.Metadata.SequenceNr, 0)));
        Command<SaveSnapshotFailure>(_ => _report.Tell(new Frame(Kind.Failed, (byte)_id, 0, 0, (uint)_seen, 0)));
    }

    public override string PersistenceId => NameOf(_id);

    public static string NameOf(int id) => $"numbers-{id}";

    private void Persist()
    {
        var size = (int)Math.Min(_random.Next(1, 6), _options.Events - _issued);
        if (size == 0)
        {
            if (_seen == _options.Events) Context.Parent.Tell(new Full(_id));
            return;
        }

        _underWay++;
        switch (_random.Next(5))
        {
            case 0:
                Persist(Made(0, 1), See);
                break;
            case 1:
                for (var i = 0; i < size; i++) Persist(Made(0, 1), i == size - 1 ? See : SeeOneOfMore);
                break;
            case 2:
                PersistAll(Group(size), SeeOneOfAll);
                break;
            case 3:
                for (var i = 0; i < size; i++) PersistAsync(Made(0, 1), i == size - 1 ? See : SeeOneOfMore);
                break;
            default:
                PersistAllAsync(Group(size), SeeOneOfAll);
                break;
        }

        if (_underWay < MostUnderWay) Self.Tell(Next.Instance);
        if (_random.Next(100) == 0) SaveSnapshot(State());
    }

    private byte[] Made(int place, int size) => NumberedEvent.Make(_options.Run, _id, ++_issued, place, size);

    private List<byte[]> Group(int size) => [.. Enumerable.Range(0, size).Select(place => Made(place, size))];

    private void See(byte[] e)
    {
        SeeOneOfMore(e);
        _underWay--;
        Self.Tell(Next.Instance);
    }

    private void SeeOneOfAll(byte[] e)
    {
        var frame = See(Kind.Acknowledged, e);
        _report.Tell(frame);
        if (frame.Place < frame.Size - 1) return;
        _underWay--;
        Self.Tell(Next.Instance);
    }

    private void SeeOneOfMore(byte[] e) => _report.Tell(See(Kind.Acknowledged, e));

    private Frame See(Kind kind, byte[] e)
    {
        var frame = NumberedEvent.Describe(kind, e, _id, LastSequenceNr);
        _seen = LastSequenceNr;
        _state = NumberedEvent.Chain(_state, frame.Sum);
        return frame;
    }

    private void TellState(Kind kind) => _report.Tell(new Frame(kind, (byte)_id, 0, 0, (uint)_seen, _state));

    private byte[] State()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, _seen);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), _state);
        return bytes;
    }

    /// <summary>Persist some more.</summary>
    private sealed record Next
    {
        public static Next Instance { get; } = new();
    }

    /// <summary>An id has all its events.</summary>
    internal sealed record Full(int Id);
}
