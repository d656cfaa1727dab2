namespace Picket.Detection.Events;

/// <summary>What is known to be incomplete or unusual about a record. The numbers are frozen by a test.</summary>
[Flags]
public enum EventFlags : ushort
{
    /// <summary>Nothing to say.</summary>
    None = 0,

    /// <summary>The argument vector was longer than the sensor carries; what is there is its beginning.</summary>
    ArgumentsTruncated = 1,

    /// <summary>The executable's path was cut at the depth or length that the sensor walks; what is there is its end.</summary>
    ImageTruncated = 2,

    /// <summary>The working directory was cut in the same way.</summary>
    DirectoryTruncated = 4,

    /// <summary>The executable has no name left in its file system.</summary>
    ImageDeleted = 8,

    /// <summary>The executable lives in anonymous memory (memfd_create).</summary>
    ImageInMemory = 16,

    /// <summary>The executed file was a script; the image is its interpreter.</summary>
    Script = 32,

    /// <summary>Arguments could not be read from the process's memory.</summary>
    ArgumentsUnreadable = 64,

    /// <summary>The executable changes its user or group on execution (setuid or setgid bit).</summary>
    SetId = 128,

    /// <summary>The process ended with a core dump.</summary>
    CoreDumped = 256,

    /// <summary>The record was read again after an unclean stop; its alerts may repeat and carry the same id.</summary>
    Redelivered = 512,

    /// <summary>It is done to the sensor's own process or to its guard.</summary>
    OnSensor = 1024,

    /// <summary>An execution whose executable is being hashed: rules that ask for its hashes are asked when those are known.</summary>
    HashesAwaited = 2048,

    /// <summary>An execution that was seen before, with the hashes of its executable or the knowledge that there are none.</summary>
    HashesLate = 4096,

    /// <summary>The executable lies on a file system that another host or program serves (NFS, CIFS, FUSE and the like).</summary>
    ImageRemote = 8192,

    /// <summary>The line was longer than the sensor carries; what is there is its beginning.</summary>
    LineTruncated = 32768,
}
