using Shouldly;

namespace Gateway.Tests.Packaging;

/// <summary>
/// The commands of an engine for containers, as far as the installation page has them: <c>docker build</c>, <c>run</c>, <c>exec</c> and
/// <c>stop</c>. It knows one image and one container at a time; what it does not know is refused.
/// </summary>
/// <param name="context">What the page builds the image from, by the name that it has there.</param>
/// <param name="folder">The working directory of the commands; volumes are in it too.</param>
internal sealed class TestEngine(Task<string> context, string folder, CancellationToken cancellationToken) : IAsyncDisposable
{
    private BuiltImage? _image;

    /// <summary>The one that was run last.</summary>
    public TestContainer? Container { get; private set; }

    /// <summary>Runs a command, and returns what it wrote.</summary>
    public async Task<string> RunAsync(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        words[0].ShouldBe("docker");
        switch (words[1])
        {
            case "build":
                words[2..^1].ShouldBe(["-t", "gateway"]);
                Path.GetFileName(words[^1]).ShouldBe(Path.GetFileName(await context));
                _image = await BuiltImage.MakeAsync(context, folder, cancellationToken);
                return "";
            case "run":
                Container = new TestContainer(await OptionsAsync(words[2..]), Path.Combine(folder, "container.log"));
                Container.Start();
                return "";
            case "exec":
                words[2].ShouldBe("gateway");
                var (exit, output, errors) = await Container!.ExecAsync(words[3..]);
                exit.ShouldBe(0, errors);
                return output;
            case "stop":
                _image!.File.StopSignal.ShouldBe("SIGTERM");
                Container!.Signal(Crash.TestProcess.UnixSignal.Terminate);
                (await Container.Ended.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken)).ShouldBe(0, Container.Output);
                return "";
            default:
                throw new InvalidOperationException($"The test does not know what '{command}' does.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Container is not null) await Container.DisposeAsync();
    }

    private async Task<ContainerOptions> OptionsAsync(string[] words)
    {
        var image = _image!;
        var options = new ContainerOptions(image);
        words[^1].ShouldBe("gateway");
        for (var i = 0; i < words.Length - 1; i++)
        {
            switch (words[i])
            {
                case "-d":
                    break;
                case "--name":
                    words[++i].ShouldBe("gateway");
                    break;
                case "--read-only":
                    options.IsReadOnly = true;
                    break;
                case "--tmpfs":
                    words[++i].ShouldBe("/tmp", "every container of the tests has that one");
                    break;
                case "-e" when words[++i].Split('=', 2) is [var name, var value]:
                    options.Variables[name] = value;
                    break;
                case "-v" when words[++i].Split(':') is [var source, var place, ..]:
                    options.Mounts[place] = source.StartsWith('.') ? Path.GetFullPath(source, folder)
                        : await image.VolumeAsync(Path.Combine(folder, $"volume-{source}"), place, cancellationToken);
                    break;
                default:
                    throw new InvalidOperationException($"The test does not know what '{words[i]}' means.");
            }
        }

        return options;
    }
}
