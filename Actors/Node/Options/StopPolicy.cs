namespace Picket.Node.Options;

/// <summary>What a stop leaves in the kernel.</summary>
internal enum StopPolicy
{
    /// <summary>Remove when a person stops the node, keep when a service manager does.</summary>
    Auto,

    /// <summary>Programs stay attached.</summary>
    Keep,

    /// <summary>Nothing stays.</summary>
    Remove,
}
