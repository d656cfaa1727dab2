namespace Picket.Sensors.Linux;

/// <summary>By which table of numbers a system call was made.</summary>
public enum SyscallEntry
{
    /// <summary>64-bit x86.</summary>
    X64 = 0,

    /// <summary>32-bit x86, also from 64-bit programs by <c>int $0x80</c>.</summary>
    I386 = 1,

    /// <summary>64-bit Arm.</summary>
    Arm64 = 2,
}
