using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Configuration;

namespace Gateway.Cli.Setup;

/// <summary>Changes the routes of the configuration, and of the running gateway.</summary>
internal static class RouteVerb
{
    public static Command Create(Terminal terminal) =>
        new("route", "Say where messages go that are sent to a bare queue name.") { Add(terminal), Remove(terminal) };

    private static Command Add(Terminal terminal)
    {
        var (queue, destinations, why) = (Queue(), Destinations(ArgumentArity.OneOrMore), ApiArguments.Why());
        destinations.Description = "Where a copy of each message goes: queue@peer.";
        return ConfigurationEdit.On(
            new Command("add", "Add destinations to the route of a queue name, which is made if there is none.")
            { queue, destinations, why },
            terminal, async (call, edit, cancellationToken) =>
        {
            var name = call.Parsed.GetRequiredValue(queue);
            var added = call.Parsed.GetRequiredValue(destinations);
            RequireOwn(edit, name);
            edit.Settings.SetRoute(name, [.. edit.Settings.RouteOf(name) ?? [], .. added]);
            await edit.ApplyAsync($"route add {name} {string.Join(' ', added)}", call.Parsed.GetValue(why)!,
                $"Messages to {name} go to {string.Join(", ", edit.Settings.RouteOf(name)!)}, as {edit.Path} says.", cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static Command Remove(Terminal terminal)
    {
        var (queue, destinations, why) = (Queue(), Destinations(ArgumentArity.ZeroOrMore), ApiArguments.Why());
        destinations.Description = "The destinations to remove; without, the whole route.";
        return ConfigurationEdit.On(
            new Command("remove", "Remove the route of a queue name, or destinations of it.") { queue, destinations, why },
            terminal, async (call, edit, cancellationToken) =>
        {
            var name = call.Parsed.GetRequiredValue(queue);
            var removed = call.Parsed.GetValue(destinations) ?? [];
            RequireOwn(edit, name);
            var route = edit.Settings.RouteOf(name)
                ?? throw new CommandLineException(ExitCode.Usage, $"There is no route for {name}. Nothing was done.");
            if (removed.Except(route).FirstOrDefault() is { } unknown) throw new CommandLineException(ExitCode.Usage,
                $"The route of {name} has no {unknown}; it has {string.Join(", ", route)}. Nothing was done.");
            edit.Settings.SetRoute(name, removed.Length == 0 ? [] : [.. route.Except(removed)]);
            var left = edit.Settings.RouteOf(name);
            await edit.ApplyAsync($"route remove {name} {string.Join(' ', removed)}".TrimEnd(), call.Parsed.GetValue(why)!,
                left is null ? $"Removed the route of {name} from {edit.Path}."
                    : $"Messages to {name} go to {string.Join(", ", left)}, as {edit.Path} says.", cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static void RequireOwn(ConfigurationEdit edit, string queue)
    {
        if (edit.SourcesOf(ConfigurationKeys.OfRoute(queue)).FirstOrDefault(source => source != edit.Path) is { } other)
            throw new CommandLineException(ExitCode.Usage,
                $"The route of {queue} is set in {other}, and a route is one value: change it there. Nothing was done.");
    }

    private static Argument<string> Queue()
    {
        var queue = NameArgument.Queue();
        queue.Description = "The bare name to which applications send.";
        return queue;
    }

    private static Argument<string[]> Destinations(ArgumentArity arity) => new("destination") { Arity = arity };
}
