namespace Gateway.Tests.Packaging;

/// <summary>How a container is run.</summary>
internal sealed class ContainerOptions(BuiltImage image)
{
    public BuiltImage Image { get; } = image;

    /// <summary>Besides those of the image.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>The files and folders of the host, by their place in the container.</summary>
    public Dictionary<string, string> Mounts { get; } = [];

    /// <summary>Nothing but the mounts can be written to.</summary>
    public bool IsReadOnly { get; set; }
}
