namespace Picket.Node.Hosting;

/// <summary>What decides who may change what a name in a folder leads to.</summary>
/// <param name="Owner">The owning user's id.</param>
/// <param name="Mode">The type and permission bits as in inode(7).</param>
/// <param name="Target">Where a symbolic link leads to; null for everything else.</param>
internal readonly record struct PathFacts(uint Owner, int Mode, string? Target)
{
    private const int OthersWrite = 0b000_010_010; // S_IWGRP | S_IWOTH
    private const int Sticky = 0b001_000_000_000; // S_ISVTX
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Folder = 0x4000; // S_IFDIR

    /// <summary>
    /// Whether the mode lets others than the owner replace the content. In a folder with the sticky bit they may add names, but
    /// not move or remove those of others.
    /// </summary>
    public bool IsOpenToOthers => (Mode & OthersWrite) != 0 && !((Mode & TypeMask) == Folder && (Mode & Sticky) != 0);

    /// <summary>The permissions as chmod takes them.</summary>
    public string Permissions => Convert.ToString(Mode & 0xFFF, 8).PadLeft(4, '0');
}
