namespace Picket.Spec.Kernel.Model;

/// <summary>What an actor of a script can be told.</summary>
internal abstract record Order
{
    /// <summary>Says that it handled this.</summary>
    public sealed record Note(int Number) : Order
    {
        public override string ToString() => $"note{Number}";
    }

    /// <summary>Throws.</summary>
    public sealed record Throw(int Kind) : Order
    {
        public override string ToString() => $"throw{(char)('A' + Kind)}";
    }

    /// <summary>Kill.</summary>
    public sealed record Die : Order
    {
        public override string ToString() => "kill";
    }

    /// <summary>PoisonPill.</summary>
    public sealed record Poison : Order
    {
        public override string ToString() => "poison";
    }

    /// <summary>Stops itself.</summary>
    public sealed record Leave : Order
    {
        public override string ToString() => "leave";
    }

    /// <summary>Stops a child, by its place.</summary>
    public sealed record StopChild(int Child) : Order
    {
        public override string ToString() => $"stopChild{Child}";
    }

    /// <summary>Makes a child, where the name is free.</summary>
    public sealed record Bear(Plan Plan) : Order
    {
        public override string ToString() => $"bear {Plan}";
    }

    /// <summary>Watches an actor that is or was; with a pact its end goes unhandled.</summary>
    public sealed record Watch(int Actor, bool Pact) : Order
    {
        public override string ToString() => $"watch{(Pact ? "Pact" : "")} {Actor}";
    }

    /// <summary>Ends a watch.</summary>
    public sealed record Unwatch(int Actor) : Order
    {
        public override string ToString() => $"unwatch {Actor}";
    }
}
