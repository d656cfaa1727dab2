using System.Diagnostics;

namespace Picket.Spec.Durability;

/// <summary>What the killed program writes to.</summary>
internal interface IKillTarget
{
    /// <summary>The arguments that name the store.</summary>
    IEnumerable<string> Arguments { get; }

    /// <summary>Whether a program that is not killed may be told of failures.</summary>
    bool MayFail { get; }

    /// <summary>Before a program is started.</summary>
    void Prepare(ProcessStartInfo start, int run);

    /// <summary>After it was killed, or has ended.</summary>
    void AfterEnd();
}
