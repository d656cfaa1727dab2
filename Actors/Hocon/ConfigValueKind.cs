namespace Picket.Hocon;

/// <summary>The type a value was written as.</summary>
public enum ConfigValueKind
{
    /// <summary>The literal null.</summary>
    Null,

    /// <summary>The literal true or false.</summary>
    Boolean,

    /// <summary>A number, kept as it was written.</summary>
    Number,

    /// <summary>A string, quoted or not.</summary>
    String,

    /// <summary>A list of values.</summary>
    Array,

    /// <summary>Keys with values.</summary>
    Object,

    /// <summary>A substitution that still waits to be resolved; a resolved configuration holds none.</summary>
    Unresolved,
}
