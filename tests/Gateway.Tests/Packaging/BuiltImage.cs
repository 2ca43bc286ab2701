using System.Diagnostics;
using Gateway.Tests.Crash;
using Shouldly;

namespace Gateway.Tests.Packaging;

/// <summary>
/// A folder that a container sees as its root: a Debian that debootstrap has made, with what the base image of .NET adds to one, and the
/// steps of our Dockerfile executed in it.
/// </summary>
internal sealed class BuiltImage
{
    private const string Release = "bookworm";

    /// <summary>What the base image names as its own additions, without what debootstrap brings anyway.</summary>
    private const string OfTheBase = "ca-certificates,libssl3,libstdc++6,tzdata,zlib1g";

    private readonly string _log;

    private BuiltImage(string root, string log, ImageFile file) => (Root, _log, File) = (root, log, file);

    public string Root { get; }

    public ImageFile File { get; }

    /// <param name="context">The folder with the Dockerfile and what it copies; ready later than the base, perhaps.</param>
    public static async Task<BuiltImage> MakeAsync(Task<string> context, string folder, CancellationToken cancellationToken)
    {
        var root = Path.Combine(folder, "root");
        var log = Path.Combine(folder, "image.log");
        await RunAsync(log, cancellationToken, Tool.Debootstrap, "--variant=minbase", $"--include={OfTheBase}", Release, root);
        var source = await context;
        var image = new BuiltImage(
            root, log, ImageFile.Parse(await System.IO.File.ReadAllTextAsync(Path.Combine(source, "Dockerfile"), cancellationToken)));
        foreach (var (instruction, words) in image.File.Steps)
        {
            if (instruction == "RUN") await image.InsideAsync(cancellationToken, "/bin/sh", "-c", words[0]);
            else await image.CopyAsync(Path.Combine(source, words[0]), words[1], cancellationToken);
        }

        return image;
    }

    /// <summary>
    /// The folder of a volume. A new one is what an engine makes of it: it has the owner, the mode and the contents of its place in the
    /// image.
    /// </summary>
    public async Task<string> VolumeAsync(string path, string place, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path)) await RunAsync(_log, cancellationToken, "/bin/cp", "-a", $"{Root}{place}", path);
        return path;
    }

    /// <summary>Runs a program in the image, as root, without an environment of this host.</summary>
    private Task InsideAsync(CancellationToken cancellationToken, params string[] command) => RunAsync(
        _log, cancellationToken,
        ["/usr/bin/env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "/usr/sbin/chroot", Root, .. command]);

    /// <summary>As COPY does it with a folder: its contents, which belong to root; folders that are there stay.</summary>
    private Task CopyAsync(string source, string target, CancellationToken cancellationToken) => RunAsync(
        _log, cancellationToken, "/bin/cp", "-r", "--preserve=mode", "--no-dereference", $"{source}.", $"{Root}{target}");

    private static async Task RunAsync(string log, CancellationToken cancellationToken, params string[] command)
    {
        await using var process = TestProcess.Start(new ProcessStartInfo(command[0], command[1..]), log);
        (await process.Ended.WaitAsync(PackageBuild.Limit, cancellationToken))
            .ShouldBe(0, $"{string.Join(' ', command)}: {process.Output[^Math.Min(process.Output.Length, 500)..]} {process.Errors}");
    }
}
