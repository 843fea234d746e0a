// What the library loads only when it is first used: on a virtual clock that would take as long as a time-out.
import 'ky';
import '../src/many/batch.ts';
import '../src/picture/advance.ts';
import '../src/picture/generate.ts';
import '../src/picture/jobs.ts';
import '../src/picture/resume.ts';
import '../src/picture/quoted-checks.ts';
import '../src/request/check.ts';
import '../src/request/verb-options.ts';
