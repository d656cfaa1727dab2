using System.Runtime.InteropServices;

namespace Picket.Node.Status;

/// <summary>The user that this process acts as.</summary>
internal static partial class NodeUser
{
    /// <summary>The effective user id.</summary>
    public static int Id => (int)EffectiveUser();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
