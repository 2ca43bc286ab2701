using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Client.Wire;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Store.Messages;

namespace Gateway.Cli.Setup;

/// <summary>Changes the routes of the configuration, and of the running gateway.</summary>
internal static class RouteVerb
{
    public static Command Create(Terminal terminal) =>
        new("route", "Say where messages go that are sent to a bare queue name.")
        {
            List(terminal), Add(terminal), Mode(terminal), Remove(terminal),
        };

    private static Command List(Terminal terminal) =>
        new Command("ls", "List the routes of the running gateway: how messages are spread, what is up, and what waits.")
            .ShownFromApi(terminal, async (call, cancellationToken) =>
        {
            await call.Output.WriteAsync(await call.Client.ReadRoutesAsync(cancellationToken), RouteReport.List, cancellationToken);
            return ExitCode.Ok;
        });

    private static Command Add(Terminal terminal)
    {
        var (queue, destinations, why) = (Queue(), Destinations(ArgumentArity.OneOrMore), ApiArguments.Why());
        var (mode, header) = (ChoiceOption.Create<RouteMode>("--mode",
            "What the destinations get: a copy of each message, a share of the messages, or those of some keys"), Header());
        destinations.Description = "Where messages go: queue@peer.";
        return ConfigurationEdit.On(
            new Command("add", "Add destinations to the route of a queue name, which is made if there is none.")
            { queue, destinations, mode, header, why },
            terminal, async (call, edit, cancellationToken) =>
        {
            var name = call.Parsed.GetRequiredValue(queue);
            var added = call.Parsed.GetRequiredValue(destinations);
            RequireOwn(edit, name);
            edit.Settings.SetRoute(name, [.. edit.Settings.RouteOf(name) ?? [], .. added]);
            if (call.Parsed.GetValue(mode) is { } chosen) edit.Settings.SetSpread(name, chosen, HeaderOf(call, header, chosen));
            else if (call.Parsed.GetValue(header) is not null) throw new CommandLineException(ExitCode.Usage,
                "--header is for a route by keys; give --mode partition with it. Nothing was done.");
            await edit.ApplyAsync($"route add {name} {string.Join(' ', added)}", call.Parsed.GetValue(why)!,
                $"Messages to {name} go to {string.Join(", ", edit.Settings.RouteOf(name)!)}, as {edit.Path} says.", cancellationToken);
            return ExitCode.Ok;
        });
    }

    private static Command Mode(Terminal terminal)
    {
        var (queue, header, why) = (Queue(), Header(), ApiArguments.Why());
        var mode = ModeArgument();
        return ConfigurationEdit.On(
            new Command("mode", "Change how messages are spread over the destinations of a route.") { queue, mode, header, why },
            terminal, async (call, edit, cancellationToken) =>
        {
            var (name, chosen) = (call.Parsed.GetRequiredValue(queue), call.Parsed.GetRequiredValue(mode));
            RequireOwn(edit, name);
            edit.Settings.SetSpread(name, chosen, HeaderOf(call, header, chosen));
            await edit.ApplyAsync($"route mode {name} {chosen.ToString().ToLowerInvariant()}", call.Parsed.GetValue(why)!,
                chosen == RouteMode.Copy ? $"Each destination of {name} gets a copy of each message."
                    : $"Each message to {name} goes to one of its destinations ({chosen}), as {edit.Path} says.", cancellationToken);
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
        if (new[] { ConfigurationKeys.OfRoute(queue), ConfigurationKeys.OfSpread(queue) }.SelectMany(edit.SourcesOf)
            .FirstOrDefault(source => source != edit.Path) is { } other) throw new CommandLineException(ExitCode.Usage,
                $"The route of {queue} is set in {other}, and a route is one value: change it there. Nothing was done.");
    }

    private static Argument<RouteMode> ModeArgument()
    {
        var known = Enum.GetValues<RouteMode>().ToDictionary(HttpJson.NameOf);
        var mode = new Argument<RouteMode>("mode")
        {
            Description = "copy: each destination gets each message; share: one that is up and has little waiting; partition: always the "
                + "same one for the same key.",
            CustomParser = result =>
            {
                if (known.TryGetValue(result.Tokens[0].Value, out var member)) return member;
                result.AddError($"There is no mode '{result.Tokens[0].Value}'; known are {string.Join(", ", known.Keys)}.");
                return RouteMode.Copy;
            },
        };
        mode.CompletionSources.Clear();
        mode.CompletionSources.Add([.. known.Keys]);
        return mode;
    }

    private static Option<string?> Header() => new("--header")
    {
        Description = $"The header that holds the key of a message ({MessageKey.Header} if it is not given).",
        HelpName = "NAME",
    };

    private static string HeaderOf(ApiCall call, Option<string?> header, RouteMode mode)
    {
        var given = call.Parsed.GetValue(header);
        if (given is not null && mode != RouteMode.Partition) throw new CommandLineException(ExitCode.Usage,
            $"--header is for a route by keys (partition), and the mode is {mode.ToString().ToLowerInvariant()}. Nothing was done.");
        return given ?? MessageKey.Header;
    }

    private static Argument<string> Queue()
    {
        var queue = NameArgument.Queue();
        queue.Description = "The bare name to which applications send.";
        return queue;
    }

    private static Argument<string[]> Destinations(ArgumentArity arity) => new("destination") { Arity = arity };
}
