namespace Picket.Detection.Sigma.Literals;

/// <summary>Small numbers, each at most once, emptied at no cost. Reused; belongs to one thread.</summary>
internal sealed class NumberSet
{
    private int[] _places = [];
    private int[] _numbers = [];
    private int _count;

    /// <summary>The numbers, in no order; what is done with the span is done with the set.</summary>
    public Span<int> Numbers => _numbers.AsSpan(0, _count); // hot

    /// <summary>Empties the set and makes room for numbers below <paramref name="limit"/>.</summary>
    public void Begin(int limit) // hot
    {
        _count = 0;
        if (limit <= _places.Length) return;
        _places = new int[limit];
        _numbers = new int[limit];
    }

    public bool Has(int number) // hot
    {
        var place = _places[number];
        return place < _count && _numbers[place] == number;
    }

    public void Add(int number) // hot
    {
        if (Has(number)) return;
        _places[number] = _count;
        _numbers[_count++] = number;
    }
}
