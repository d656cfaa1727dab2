using Picket.Detection.Sigma.Index;

namespace Picket.Detection.Sigma.Classes;

/// <summary>What one engine remembers of one route.</summary>
internal sealed class PlanState
{
    private const int Window = 512;
    private const int Pause = 1 << 13;

    private readonly int[] _absent;
    private readonly int[] _null;
    private readonly int[] _object;
    private readonly int[] _last;
    private readonly short[] _asked;
    private readonly short[] _known;
    private readonly short[] _paused;

    public PlanState(RoutePlan plan)
    {
        Plan = plan;
        var width = plan.Fields.Length;
        Classes = new int[width];
        Seen = new int[width];
        Decisions = new DecisionMemo(width);
        _absent = new int[width];
        _null = new int[width];
        _object = new int[width];
        _last = new int[width];
        _asked = new short[width];
        _known = new short[width];
        _paused = new short[width];
    }

    public RoutePlan Plan { get; }

    /// <summary>The classes of the event in hand, by the field's place.</summary>
    public int[] Classes { get; }

    /// <summary>The number of the last event that had the field itself, by its place.</summary>
    public int[] Seen { get; }

    /// <summary>The number of the event in hand.</summary>
    public int Event { get; private set; }

    public DecisionMemo Decisions { get; }

    /// <summary>Since when the classes hold; see <see cref="Classifier.Generation"/>.</summary>
    public int Generation { get; private set; } = -1;

    /// <summary>The classes that hold for values that are not there.</summary>
    public ReadOnlySpan<int> Absent => _absent; // hot

    /// <summary>The class of a null at a place.</summary>
    public int NullAt(int place) => _null[place]; // hot

    /// <summary>The class of an object at a place.</summary>
    public int ObjectAt(int place) => _object[place]; // hot

    /// <summary>Where the value that was met last at a place is remembered.</summary>
    public ref int LastAt(int place) => ref _last[place]; // hot

    /// <summary>Turns to the next event.</summary>
    public void Begin() // hot
    {
        _absent.CopyTo(Classes.AsSpan());
        Event++;
    }

    /// <summary>Begins anew with classes of <paramref name="generation"/>.</summary>
    public void Renew(int generation, ClassTable classes)
    {
        Generation = generation;
        Decisions.Clear();
        for (var place = 0; place < _absent.Length; place++)
        {
            _absent[place] = classes.Of([.. Plan.Fields[place].OfAbsence]);
            _null[place] = classes.Of([.. Plan.Fields[place].OfNull]);
            _object[place] = classes.Of([.. Plan.Fields[place].OfObject]);
        }
    }

    /// <summary>
    /// Whether values of a field are worth being remembered. Where they hardly ever come again, looking them up costs more than it saves:
    /// then the field is left alone for a while.
    /// </summary>
    public bool Remembers(int place) // hot
    {
        if (_paused[place] == 0) return true;
        _paused[place]--;
        return false;
    }

    /// <summary>Counts whether a value was known.</summary>
    public void Count(int place, bool known) // hot
    {
        if (known) _known[place]++;
        if (++_asked[place] < Window) return;
        if (_known[place] < Window / 4) _paused[place] = Pause;
        _asked[place] = _known[place] = 0;
    }
}
