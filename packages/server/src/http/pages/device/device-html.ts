/** The same for everybody: who asks is filled in by the script, as text. */
export const deviceHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Log in a command line - Tenon</title>
<link rel="stylesheet" href="device.css">
<script src="device.js" defer></script>
</head>
<body>
<main>
<h1>Log in a command line</h1>
<noscript><p>This page needs JavaScript. Without it, run <code>tenon login approve CODE</code> in a terminal.</p></noscript>
<form id="ask" autocomplete="off">
<p>Somebody ran <code>tenon login</code>. Type the code that their terminal shows, and an API key of your own that may make keys (<code>keys:write</code>).</p>
<label for="code">Code</label>
<input id="code" name="code" required maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="BCDF-GHJK">
<label for="key">Your API key</label>
<input id="key" type="password" required autocomplete="one-time-code" spellcheck="false" aria-describedby="key-help">
<p id="key-help" class="help">It is sent to this server only, and forgotten when you leave this page.</p>
<button type="submit">Continue</button>
</form>
<section id="decide" aria-labelledby="decide-title" hidden>
<h2 id="decide-title" tabindex="-1">Does this computer get a key?</h2>
<dl>
<dt>Computer</dt><dd id="host"></dd>
<dt>Address</dt><dd id="address"></dd>
<dt>Code</dt><dd id="shown-code"></dd>
<dt>Asked at</dt><dd id="asked"></dd>
<dt>Environment</dt><dd id="environment"></dd>
<dt>Key is good until</dt><dd id="until"></dd>
<dt>Scopes</dt><dd><ul id="scopes"></ul></dd>
</dl>
<p id="narrowed" class="help" hidden></p>
<p class="warning">Approve only a login that you or a person you know started just now, with this code on the screen. The name of the computer is what it says of itself.</p>
<div class="buttons">
<button type="button" id="approve">Approve</button>
<button type="button" id="deny" class="second">Deny</button>
</div>
</section>
<p id="problem" role="alert"></p>
<p id="outcome" role="status" tabindex="-1"></p>
</main>
</body>
</html>
`;
