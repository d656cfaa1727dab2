using System.Runtime.InteropServices;

namespace Picket.Sensors.Logs.Native;

/// <summary>What a system call's error means.</summary>
internal static class ErrorText
{
    /// <summary>No such file or folder.</summary>
    public const int NotThere = 2;

    /// <summary>It does not answer.</summary>
    public const int TimedOut = 110;

    /// <summary>A part of the path is no folder.</summary>
    public const int NoFolder = 20;

    /// <summary>The system's words for it.</summary>
    public static string Of(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
