namespace Gateway.Cli;

/// <summary>One or two command lines for each verb, as its help shows them.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string[]> _all = new()
    {
        [""] = ["gateway --config shop.json", "gateway send orders@billing 'one order'", "gateway status"],
        ["run"] = ["gateway run --config shop.json", "gateway run --Gateway:Name=shop --Gateway:Links:Address=tcp://*:7421"],
        ["init"] =
        [
            "gateway init",
            "gateway init --name shop --listen '*:7421' --peer billing=billing-host:7421 --tls yes --service yes",
        ],
        ["send"] = ["gateway send orders@billing 'one order' --header type=order", "gateway send orders@billing - < order.xml"],
        ["receive"] = ["gateway receive orders", "gateway receive orders --complete --count 100 --wait 1m"],
        ["status"] = ["gateway status --watch", "gateway status --gateway billing-host:7425 --output json"],
        ["fleet status"] = ["gateway fleet status --watch", "gateway fleet status --output json"],
        ["queue ls"] = ["gateway queue ls --peer billing"],
        ["queue show"] = ["gateway queue show orders@billing"],
        ["queue peek"] = ["gateway queue peek orders@billing --older-than 1h", "gateway queue peek orders@billing --state in-doubt"],
        ["queue pause"] = ["gateway queue pause orders@billing --why 'stocktaking'"],
        ["queue resume"] = ["gateway queue resume orders@billing"],
        ["queue retry"] = ["gateway queue retry orders@billing"],
        ["queue purge"] = ["gateway queue purge orders@billing --older-than 7d --yes --why 'outdated'"],
        ["queue redirect"] =
        [
            "gateway queue redirect orders@billing orders@reserve --all --yes",
            "gateway queue redirect orders@billing-2 orders --all --yes",
        ],
        ["queue export"] = ["gateway queue export orders@billing --file orders.jsonl"],
        ["queue import"] = ["gateway queue import orders@billing orders.jsonl --check-only"],
        ["message ls"] = ["gateway message ls --header customer=4711"],
        ["message show"] = ["gateway message show orders@billing 1204", "gateway message show --dead-letter 7 --body > order.xml"],
        ["message trace"] = ["gateway message trace orders@billing 1204"],
        ["message delete"] = ["gateway message delete orders@billing 1204 --yes"],
        ["message deadletter"] = ["gateway message deadletter orders@billing 1204 --yes --why 'no such customer'"],
        ["deadletter ls"] = ["gateway deadletter ls --groups", "gateway deadletter ls --reason rejected --from orders"],
        ["deadletter return"] = ["gateway deadletter return 7 --yes", "gateway deadletter return --reason expired --to orders --yes"],
        ["deadletter purge"] = ["gateway deadletter purge --older-than 30d --yes"],
        ["deadletter export"] = ["gateway deadletter export --file letters.jsonl"],
        ["peer ls"] = ["gateway peer ls --watch"],
        ["peer explain"] = ["gateway peer explain billing"],
        ["peer history"] = ["gateway peer history billing"],
        ["peer pause"] = ["gateway peer pause billing --why 'work on the line'"],
        ["peer resume"] = ["gateway peer resume billing"],
        ["peer retry"] = ["gateway peer retry billing"],
        ["peer accept"] = ["gateway peer accept billing"],
        ["peer invite"] = ["gateway peer invite", "gateway peer invite --address shop.example:7421 --valid 1h --why 'the new site'"],
        ["peer join"] = ["gateway peer join 05NG0BSM-Z1NNNEJD-CKEZ03YV-…", "gateway peer join < code.txt"],
        ["peer add"] = ["gateway peer add billing --address billing-host:7421 --why 'the new site'"],
        ["peer remove"] = ["gateway peer remove billing", "gateway peer remove billing --redirect reserve --why 'moved'"],
        ["route ls"] = ["gateway route ls", "gateway route ls --watch", "gateway route ls --output json"],
        ["route add"] =
        [
            "gateway route add orders orders@billing orders@audit",
            "gateway route add orders orders@billing-1 orders@billing-2 --mode partition --header customer",
        ],
        ["route mode"] = ["gateway route mode orders share", "gateway route mode orders partition --header customer"],
        ["route remove"] = ["gateway route remove orders orders@audit", "gateway route remove orders"],
        ["tcp ls"] = ["gateway tcp ls --watch"],
        ["tcp show"] = ["gateway tcp show plc", "gateway tcp show plc --output json"],
        ["tcp pause"] = ["gateway tcp pause plc --why 'the press is moved'", "gateway tcp pause plc --inlet"],
        ["tcp resume"] = ["gateway tcp resume plc"],
        ["drill"] = ["gateway drill billing --far-gateway tcp://billing-host:7420"],
        ["store ls"] = ["gateway store ls --path data", "gateway store ls --queue orders@billing"],
        ["store show"] = ["gateway store show orders@billing 1204"],
        ["store check"] = ["gateway store check --path data"],
        ["store compact"] = ["gateway store compact --path data"],
        ["store export"] = ["gateway store export orders@billing --file orders.jsonl"],
        ["store move"] = ["gateway store move --from /var/lib/gateway --to PostgreSQL", "gateway store move --from PostgreSQL --to data"],
        ["store renew"] = ["gateway store renew --path data --yes"],
        ["store repair"] = ["gateway store repair --from data --to repaired"],
        ["check"] = ["gateway check --messages-warning 1000 --age-critical 1h"],
        ["doctor"] = ["gateway doctor", "gateway doctor billing --config shop.json", "gateway doctor billing --output json"],
        ["audit"] = ["gateway audit --limit 20"],
        ["events"] = ["gateway events --follow", "gateway events --timeout 1m --output jsonl"],
        ["reload"] = ["gateway reload", "gateway reload --gateway billing-host:7425 --output json"],
        ["config check"] = ["gateway config check shop.json", "gateway config check --config shop.json --Gateway:Name=shop"],
        ["config show"] = ["gateway config show --config shop.json --changed"],
        ["config diff"] = ["gateway config diff", "gateway config diff --output json"],
        ["cert new"] = ["gateway cert new --name billing --folder certs"],
        ["cert show"] = ["gateway cert show certs/billing.pem"],
        ["token new"] = ["gateway token new --name anna --roles read operate"],
        ["completion bash"] = ["gateway completion bash > /etc/bash_completion.d/gateway"],
        ["completion zsh"] = ["gateway completion zsh > ~/.gateway.zsh"],
        ["completion pwsh"] = ["gateway completion pwsh | Out-String | Invoke-Expression"],
        ["demo"] = ["gateway demo", "gateway demo --messages 100000 --seed 7"],
    };

    /// <param name="verb">The verb with its group, such as <c>queue ls</c>; empty for the program itself.</param>
    public static IReadOnlyList<string> Of(string verb) => _all.GetValueOrDefault(verb) ?? [];
}
