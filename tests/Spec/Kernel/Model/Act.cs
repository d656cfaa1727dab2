namespace Picket.Spec.Kernel.Model;

/// <summary>One step of a script. Actors are numbers: which of the living (or, to watch, of all there ever were), modulo their count.</summary>
internal abstract record Act
{
    /// <summary>Told in one go to one actor.</summary>
    public sealed record Tell(int Actor, Order[] Orders) : Act
    {
        public override string ToString() => $"tell {Actor}: {string.Join(" ", (object[])Orders)}";
    }

    /// <summary>Makes an actor at the top.</summary>
    public sealed record Top(Plan Plan) : Act
    {
        public override string ToString() => $"top {Plan}";
    }

    /// <summary>Stops an actor from outside.</summary>
    public sealed record Stop(int Actor) : Act
    {
        public override string ToString() => $"stop {Actor}";
    }

    /// <summary>Makes a hook of an actor throw.</summary>
    public sealed record Arm(int Actor, Hook Hook, int Kind, int After, int Times) : Act
    {
        public override string ToString() => $"arm {Actor} {Hook} {(char)('A' + Kind)} after {After} times {Times}";
    }

    /// <summary>Moves the clock.</summary>
    public sealed record Advance(int Seconds) : Act
    {
        public override string ToString() => $"advance {Seconds} s";
    }
}
